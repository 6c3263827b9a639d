import 'server-only'
import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { services } from '#lib/web/process/services.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { gatewayToken } from './gateway-token.ts'

const maxConnections = 512
const maxRefusalBytes = 64 * 1024
/** The API server gives up after a minute (--request-timeout). */
const headersMs = 65_000

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const statusSchema = z.object({ message: z.string() })

export type GatewayAsk = {
  cluster: string
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Without the cluster's prefix: `/api/v1/namespaces/…`. */
  path: string
  query?: URLSearchParams
  /** Default: JSON, or anything else. */
  accept?: string
  /** A JSON body and its media type, such as `application/merge-patch+json`. */
  body?: { type: string; content: unknown }
  signal?: AbortSignal
}

/** The answer of the gateway or the API server: a body, or an error. */
export type GatewayAnswer = { ok: true; body: Readable } | { ok: false; status: number; message: string }

/** @returns whether a lost answer leaves open what was done; a dry run changes nothing */
export const isChange = ({ method = 'GET', query }: Pick<GatewayAsk, 'method' | 'query'>): boolean =>
  method !== 'GET' && query?.get('dryRun') !== 'All'

type CachedAgent = { ca: string; agent: Agent }

/** Its connections carry one request at a time, for any person: each request has its own token. */
function gatewayAgent(ca: string): Agent {
  const cache = processValue<{ current: CachedAgent | undefined }>('gateway-agent', () => ({ current: undefined }))
  if (cache.current?.ca !== ca) {
    const connect = ca === '' ? {} : { ca }
    const agent = new Agent({
      connections: maxConnections,
      pipelining: 1,
      headersTimeout: headersMs,
      bodyTimeout: 0,
      connect,
    })
    // Running requests keep the previous agent, which closes after them.
    cache.current = { ca, agent }
  }
  return cache.current.agent
}

/**
 * Calls the gateway with the signed-in person's token, as their kubectl would: it authorizes, records and cuts as for
 * any kubeconfig. A refused token has had no effect, so a retry never makes a change twice.
 * @throws AppError gateway_unreachable; change_unknown if the answer to a change was lost; as gatewayToken
 */
export async function askGateway(ctx: CallerContext, asked: GatewayAsk): Promise<GatewayAnswer> {
  const answer = await send(ctx, asked, await gatewayToken(ctx))
  // The credential may have ended in the meantime; the session gets a new one if the person still has access.
  return !answer.ok && answer.status === 401 ? send(ctx, asked, await gatewayToken(ctx, true)) : answer
}

async function send({ origin }: CallerContext, asked: GatewayAsk, token: string): Promise<GatewayAnswer> {
  const { cluster, method = 'GET', path, query, accept = 'application/json, */*', body: sent, signal } = asked
  const search = query && query.size > 0 ? `?${query}` : ''
  const url = `${webConfig().SPACEPORT_GATEWAY_URL}/clusters/${encodeURIComponent(cluster)}${path}${search}`
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: gatewayAgent((await services()).gateway.readCa()),
      method,
      ...(sent && { body: JSON.stringify(sent.content) }),
      headers: {
        authorization: `Bearer ${token}`,
        accept,
        ...(sent && { 'content-type': sent.type }),
        ...(origin.sourceAddress && { 'x-forwarded-for': origin.sourceAddress }),
        ...(origin.userAgent && { 'user-agent': origin.userAgent }),
      },
      ...(signal && { signal }),
    })
    if (statusCode < 300) return { ok: true, body }
    return { ok: false, status: statusCode, message: await readRefusal(body) }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new AppError(isChange(asked) && !neverSent(cause) ? 'change_unknown' : 'gateway_unreachable', { cause })
  }
}

/** No connection was made, so nothing was changed. */
const neverSent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(cause.code))

/** @returns the message of an error response, for people */
export async function readRefusal(body: Readable): Promise<string> {
  let text = ''
  for await (const chunk of body) {
    text += String(chunk)
    if (text.length > maxRefusalBytes) break
  }
  try {
    return statusSchema.parse(JSON.parse(text)).message
  } catch {
    return text.slice(0, 500)
  }
}
