import type { z } from 'zod'
import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { renderImpersonation } from '#lib/kernel/model/spaces/impersonation.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'

const maxMs = 30_000
const maxBytes = 4 * 1024 * 1024

/**
 * Sends a review rendered by the gateway to the API server as the person.
 * @param path below authorization.k8s.io/v1
 * @throws GatewayRefusal when there is no usable answer
 */
export async function askAsPerson<T>(
  { exchange, headers: { userAgent }, access, upstream }: AdmittedRequest,
  path: string,
  review: object,
  schema: z.ZodType<T>,
): Promise<T> {
  const request = {
    method: 'POST',
    path: `${upstream.basePath}/apis/authorization.k8s.io/v1${path}`,
    fields: [
      ...['Content-Type', 'application/json', 'Accept', 'application/json', 'Audit-ID', exchange.id],
      ...(userAgent === undefined ? [] : ['User-Agent', userAgent]),
      ...upstream.credential(),
      ...renderImpersonation(access.person),
    ],
    body: Buffer.from(JSON.stringify(review)),
  }
  const { status, body } = await upstream.requests
    .ask(request, { withinMs: maxMs, maxBytes })
    .catch((error: unknown) => {
      throw describeFault(upstream.name, error, false)
    })
  const text = body.toString('utf8')
  const refusal = refuseAnswer({ upstream }, status)
  if (refusal) throw refusal
  if (status === 429)
    throw new GatewayRefusal('too_busy', 429, `cluster ${upstream.name} is busy; retry shortly`, {
      retryAfterSeconds: 1,
    })
  const unusable = (cause: unknown) =>
    new GatewayRefusal('cluster_answer', 502, `cluster ${upstream.name} gave no usable answer`, undefined, cause)
  if (status !== 201) throw unusable(new Error(`status ${status}: ${text.slice(0, 500)}`))
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw unusable(error)
  }
}
