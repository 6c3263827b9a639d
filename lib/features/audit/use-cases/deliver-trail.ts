/**
 * Delivers the trail to a place outside. Must never move on past an event that the receiver hasn’t taken, nor change the
 * order of the chain: whoever watches there relies on it that nothing is missing.
 */
import { failTrailDelivery, findTrailDelivery, moveTrailDelivery } from '#lib/features/audit/db/trail-deliveries.ts'
import { textOfFailure } from '#lib/features/audit/model/sink-failure.ts'
import { deliveryPauseMs } from '#lib/features/audit/model/trail-delivery.ts'
import type { TrailSink } from '#lib/features/audit/sinks/trail-sink.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { readChain } from './read-chain.ts'

/** A batch ends with the event that reaches either. */
const max = { events: 500, bytes: 1_000_000 } as const
/** What a receiver says to a batch that it finds too large (RFC 9110, section 15.5.14). */
const tooLarge = textOfFailure({ kind: 'http', status: 413 })

export type DeliveryStep =
  /** `more`: there is more than fitted into the batch. */
  | { did: 'delivered'; events: number; more: boolean }
  | { did: 'nothing' }
  /** Nothing is tried before. */
  | { did: 'failed' | 'waited'; until: Date }

/**
 * Delivers the next batch of what is sealed: heads of blocks, their rows, and the checkpoints about them, in the chain’s
 * order. A place is noted only once the receiver has taken everything before, so what a worker that dies has sent is sent
 * again, with the same ids.
 * @throws when the database is away, or another worker has delivered meanwhile
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
      // Nobody promised a new receiver what was archived before it was there.
      if (delivery.delivered === 0) ctx.log.info(about, 'the delivery begins after what is archived')
      else ctx.log.error(about, 'blocks of the trail were archived before they were delivered')
    }
    if (delivery.attempts > 0) ctx.log.info({ sink: sink.name, host: sink.host }, 'the trail is delivered again')
    return { did: 'delivered', events: events.length, more }
  }
  // What was given up because the worker stops says nothing of the receiver.
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
