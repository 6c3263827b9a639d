import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'
import { whileUnblocked } from '#lib/kernel/db/end-blockers.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import { isDatabaseBusy, isDatabaseUnavailable } from '#lib/kernel/model/database-failure.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Destination } from '#lib/kernel/model/spaces/destination.ts'
import type { AuditEventInput, AuditTarget } from '#lib/kernel/trail/audit-event.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { actorOf } from './actor-of.ts'
import { commitChange, unblocking } from './commit-change.ts'
import type { ActingContext } from './context.ts'
import { declaredDetail } from './declared-detail.ts'

export type About = {
  target?: AuditTarget
  spaceId?: string
  namespace?: string
  /** `portal` unless it is a cluster. */
  destination?: Destination
  detail?: Record<string, unknown>
}

export type Recording = {
  about(more: About): void
  /**
   * Makes the change in one transaction that begins with the intent (commit-change.ts). All changes must happen inside
   * it. At most once per recording.
   * @param options.patienceMs time limit of a large transaction
   */
  commit<T>(change: (tx: Tx) => Promise<T>, options?: { patienceMs?: number | undefined }): Promise<T>
}

/**
 * Runs a use case with its trail: intent before, outcome after (docs/invariants.md, 2). A refusal before the intent is
 * one row.
 * @param endsAccess whether it ends a person's access, so that no session may block it (end-blockers.ts)
 * @throws what `run` throws; AppError trail_unavailable or database_unavailable: then nothing was done; outcome_unknown
 */
export async function recorded<T>(
  ctx: ActingContext,
  action: AuditAction,
  first: About,
  run: (record: Recording) => Promise<T>,
  { endsAccess = false }: { endsAccess?: boolean } = {},
): Promise<T> {
  const about: Required<Pick<About, 'target' | 'destination' | 'detail'>> & About = {
    target: { kind: 'portal' },
    destination: 'portal',
    detail: {},
    ...first,
  }
  Object.assign(about.detail, declaredDetail(ctx))
  let intentId: string | undefined

  const event = (more: Partial<AuditEventInput>): AuditEventInput => ({
    action,
    at: ctx.clock(),
    actor: actorOf(ctx),
    target: about.target,
    spaceId: about.spaceId,
    namespace: about.namespace,
    observer: ctx.origin.observer,
    sourceAddress: ctx.origin.sourceAddress,
    userAgent: ctx.origin.userAgent,
    destination: about.destination,
    detail: about.detail,
    requestId: ctx.origin.requestId,
    ...more,
  })

  const record: Recording = {
    about: ({ detail, ...more }) => {
      Object.assign(about, more)
      Object.assign(about.detail, detail)
    },
    async commit(change, options) {
      const id = randomUUID()
      const result = await commitChange(ctx, { ...event({}), id }, change, { ...options, endsAccess })
      intentId = id
      return result
    },
  }

  let result: T
  try {
    result = await (endsAccess ? whileUnblocked(unblocking(ctx), () => run(record)) : run(record))
  } catch (thrown) {
    const error = explain(thrown, intentId !== undefined)
    if (isAppError(error)) metrics().refusals.inc({ action, reason: error.code })
    // The worker finds out whether the intent is durable, and its outcome (write-missing-outcomes.ts).
    if (isAppError(error, 'outcome_unknown')) throw error
    const reason = isAppError(error) ? error.code : 'bug'
    const refusedBeforehand = intentId === undefined && isAppError(error) && error.status < 500
    await ctx.trail.writeOutcome(event({ intentId, outcome: refusedBeforehand ? 'refused' : 'failed', reason }))
    throw error
  }
  if (intentId !== undefined) await ctx.trail.writeOutcome(event({ intentId, outcome: 'ok' }))
  return result
}

/** If the database is lost after the change is durable, the extent of the remaining work is unknown. */
function explain(thrown: unknown, committed: boolean): unknown {
  if (isAppError(thrown)) return thrown
  const busy = isDatabaseBusy(thrown)
  if (!busy && !isDatabaseUnavailable(thrown)) return thrown
  return new AppError(committed ? 'outcome_unknown' : busy ? 'busy' : 'database_unavailable', { cause: thrown })
}
