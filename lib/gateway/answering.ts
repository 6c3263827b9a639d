import { isStream, type RequestState, spokenVerb } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { GatewayRefusal } from './refusal.ts'

/** @returns the refusal to show for any thrown value; bugs are logged under the request ID */
export function asRefusal(gateway: Gateway, { exchange: { id } }: RequestState, error: unknown): GatewayRefusal {
  if (error instanceof GatewayRefusal) return error
  gateway.log.error({ error, requestId: id }, 'a request failed unexpectedly')
  return new GatewayRefusal('internal', 500, `internal error; give request ID ${id} to your platform admin`)
}

/** Records in the trail that an announced change was not made. */
export async function writeRefusedOutcome(
  gateway: Gateway,
  known: RequestState,
  intentId: string,
  refusal: GatewayRefusal,
): Promise<void> {
  gateway.metrics.refused(refusal.key)
  const outcome = refusal.status === 401 || refusal.status === 403 ? 'refused' : 'failed'
  await gateway.trail.outcome(known, intentId, { outcome, code: refusal.status, reason: refusal.key })
}

/** Counts a refusal, logs it and records it in the trail. */
export function noteRefusal(gateway: Gateway, known: RequestState, refusal: GatewayRefusal): void {
  const { exchange, access } = known
  gateway.metrics.refused(refusal.key)
  // Unauthenticated and rate-limited callers can cause any number of these.
  const level = access === undefined || refusal.status === 429 ? 'debug' : 'info'
  gateway.log[level](
    {
      requestId: exchange.id,
      reason: refusal.key,
      person: access?.person.handle,
      source: exchange.source,
      ...(refusal.cause !== undefined && { error: refusal.cause }),
    },
    'refused',
  )
  if (refusal.key !== 'trail_unavailable' && refusal.key !== 'access_changed') gateway.trail.refused(known, refusal)
}

export function noteAnswer(gateway: Gateway, known: RequestState, code: number): void {
  const { exchange, access, target } = known
  const seconds = (gateway.monotonic() - exchange.startedAt) / 1_000
  gateway.metrics.answered(spokenVerb(target), code, isStream(known) ? undefined : seconds)
  if (gateway.log.isLevelEnabled('debug'))
    gateway.log.debug(
      {
        requestId: exchange.id,
        person: access?.person.handle,
        method: exchange.method,
        path: target?.path,
        cluster: target?.cluster,
        code,
        seconds,
      },
      'answered',
    )
}
