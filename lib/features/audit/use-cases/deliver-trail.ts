/**
 * Delivers the trail to an external receiver. Must never skip an event that the receiver hasn’t accepted, or change the
 * chain's order: receivers rely on completeness.
 */
import { failTrailDelivery, findTrailDelivery, moveTrailDelivery } from '#lib/features/audit/db/trail-deliveries.ts'
import { textOfFailure } from '#lib/features/audit/model/sink-failure.ts'
import { deliveryPauseMs } from '#lib/features/audit/model/trail-delivery.ts'
import type { TrailSink } from '#lib/features/audit/sinks/trail-sink.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { readChain } from './read-chain.ts'

/** A batch ends with the event that reaches either limit. */
const max = { events: 500, bytes: 1_000_000 } as const
/** A receiver's answer to a batch that is too large (RFC 9110, section 15.5.14). */
const tooLarge = textOfFailure({ kind: 'http', status: 413 })

export type DeliveryStep =
  /** `more`: there was more than fitted into the batch. */
  | { did: 'delivered'; events: number; more: boolean }
  | { did: 'nothing' }
  /** Nothing is tried before. */
  | { did: 'failed' | 'waited'; until: Date }

/**
 * Delivers the next batch of the sealed trail: blocks' heads, their rows, and checkpoints, in order. The position moves
 * only after the receiver has accepted everything before it, so events may be sent again after a crash, with the same
 * ids.
 * @throws when the database is unavailable, or another worker has delivered in the meantime
 */
export async function deliverTrail(ctx: SystemContext, sink: TrailSink, signal: AbortSignal): Promise<DeliveryStep> {
  const delivery = await findTrailDelivery(ctx.pool, { sink: sink.name, host: sink.host }, ctx.clock())
  const { nextAttemptAt } = delivery
  if (nextAttemptAt && nextAttemptAt > ctx.clock()) return { did: 'waited', until: nextAttemptAt }
  const maxEvents =
    delivery.lastError === tooLarge ? Math.max(1, max.events >> Math.min(delivery.attempts, 16)) : max.events
  const { events, to, more, missing } = await readChain(ctx, delivery, { ...max, events: maxEvents })
  if (events.length === 0) return { did: 'nothing' }
  const { block, position, checkpoint } = delivery
  const id = `trail-${block}.${position}.${checkpoint}-${events.length}`
  const answer = await sink.send({ id, events, at: ctx.clock() }, signal)
  const at = ctx.clock()
  metrics().trailDeliveries.inc({ sink: sink.name, outcome: answer.taken ? 'taken' : answer.why.kind })
  if (answer.taken) {
    if (!(await moveTrailDelivery(ctx.pool, sink.name, { from: delivery, to, events: events.length, at })))
      throw new Error('another worker delivers the trail')
    metrics().trailDelivered.inc({ sink: sink.name }, events.length)
    if (missing > 0) {
      const about = { sink: sink.name, host: sink.host, missing, before: delivery.block + missing + 1 }
      // A new receiver wasn't promised what was archived before.
      if (delivery.delivered === 0) ctx.log.info(about, 'the delivery starts after the archived months')
      else ctx.log.error(about, 'blocks of the trail were archived before they were delivered')
    }
    if (delivery.attempts > 0) ctx.log.info({ sink: sink.name, host: sink.host }, 'the trail is delivered again')
    return { did: 'delivered', events: events.length, more }
  }
  // A batch that was aborted because the worker stops isn't the receiver's failure.
  if (signal.aborted) return { did: 'nothing' }
  const random = Buffer.from(ctx.randomBytes(4)).readUInt32BE() / 2 ** 32
  const pause = deliveryPauseMs(delivery.attempts + 1, answer.retryAfterMs ?? 0, random)
  const until = new Date(at.getTime() + pause)
  const error = textOfFailure(answer.why)
  await failTrailDelivery(ctx.pool, sink.name, { from: delivery, error, at, nextAttemptAt: until })
  ctx.log.warn(
    { sink: sink.name, host: sink.host, error, attempts: delivery.attempts + 1 },
    'the trail wasn’t delivered',
  )
  return { did: 'failed', until }
}
