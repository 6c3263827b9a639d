import {
  closeDelivery,
  type DueDelivery,
  skipDueDeliveries,
  takeDueDeliveries,
} from '#lib/features/inbox/db/deliveries.ts'
import { turnWebhookOff } from '#lib/features/inbox/db/webhooks.ts'
import { messageOf } from '#lib/features/inbox/model/webhook-message.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { type DeliveryState, stateAfter } from '#lib/kernel/model/inbox/delivery-attempt.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import type { Webhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import { isGone, resultOf } from '#lib/kernel/webhook/webhook-answer.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { sendMessage } from './send-message.ts'

const atOnce = 50
/** Longer than the attempts of one message. */
const leaseMs = 2 * 60_000

type Delivery = DueDelivery<'webhook'>

/**
 * Delivers due webhook messages: per process at most 50 at a time and one per person, so a slow receiver delays only
 * its own. Safe in several workers, as sendDueMail is.
 * @returns `start` begins as many due deliveries as there is room for, doesn't wait for them, and returns their number;
 *   `settled` waits for all that have begun
 */
export function createDeliverer() {
  const underWay = new Map<string, Promise<void>>()

  function begin(ctx: SystemContext, webhooks: Webhooks, delivery: Delivery): void {
    const { id, userId } = delivery
    const delivering = deliver(ctx, webhooks, delivery)
      // Its lease ends, and it is tried again.
      .catch((error: unknown) => ctx.log.warn({ error, delivery: id }, 'a webhook’s outcome couldn’t be saved'))
      .finally(() => underWay.delete(userId))
    underWay.set(userId, delivering)
  }

  return {
    async start(ctx: SystemContext): Promise<number> {
      const { webhooks } = ctx
      if (!webhooks) return skipDueDeliveries(ctx.db, 'webhook', ctx.clock())
      let begun = 0
      for (;;) {
        const free = atOnce - underWay.size
        if (free <= 0) return begun
        const busy = [...underWay.keys()]
        const due = await takeDueDeliveries(ctx.db, 'webhook', ctx.clock(), { limit: free, leaseMs, busy })
        if (due.length === 0) return begun
        for (const delivery of due) begin(ctx, webhooks, delivery)
        begun += due.length
      }
    },
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
  }
}

async function deliver(ctx: SystemContext, webhooks: Webhooks, delivery: Delivery): Promise<void> {
  const { id, attempts, to } = delivery
  const fate = to ? await attempt(ctx, webhooks, delivery, to) : ({ state: 'skipped' } as const)
  metrics().webhooks.inc({ outcome: fate.state })
  if ('error' in fate) ctx.log.info({ delivery: id, host: to?.host, ...fate, attempts }, 'a webhook wasn’t delivered')
  await closeDelivery(ctx.db, 'webhook', id, fate, ctx.clock())
}

async function attempt(
  ctx: SystemContext,
  webhooks: Webhooks,
  delivery: Delivery,
  to: NonNullable<Delivery['to']>,
): Promise<DeliveryState> {
  const { userId, eventId, createdAt, event } = delivery
  const portal = { url: ctx.portalUrl, defaultCluster: ctx.clusters.defaultName }
  const message = messageOf(event, { id: eventId, at: createdAt }, portal)
  const answer = await sendMessage(webhooks, { userId, ...to }, message, ctx.clock())
  if (answer && isGone(answer)) await turnOff(ctx, userId, to)
  // Retried, since the operator can fix that within a day.
  const sealed = { sent: false, error: 'encrypted with another SPACEPORT_WEBHOOK_SECRET', permanent: false } as const
  return stateAfter(answer ? resultOf(answer) : sealed, delivery, ctx.clock())
}

/** The receiver is gone for good: turns the webhook off and notifies the person. */
async function turnOff(ctx: SystemContext, userId: string, to: { host: string; encryptedUrl: string }): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    if (!(await turnWebhookOff(tx, userId, to.encryptedUrl, ctx.clock()))) return
    await writeSystemEvent(ctx, tx, {
      action: 'webhook.turn-off',
      target: { kind: 'webhook', id: userId, name: to.host },
      destination: 'portal',
    })
    await notifyPeople(ctx, tx, { kind: 'webhook-off', host: to.host }, { to: [userId] })
  })
}
