import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { findWebhook } from '#lib/db/find-webhook.ts'
import type { WebhookView } from '#lib/domain/webhook-view.ts'

/** @returns the person's webhook, without what is secret in it; `unavailable`: the operator hasn't set webhooks up */
export const readWebhook = viewPlatform({
  permission: 'read-webhook',
  input: nothing,
  async read({ ctx }): Promise<WebhookView | 'none' | 'unavailable'> {
    if (!ctx.webhooks) return 'unavailable'
    const found = await findWebhook(ctx.pool, ctx.actor.userId)
    if (!found) return 'none'
    const { host, format, choices, offAt, gaveUpAt } = found
    return { host, format, choices, offAt, gaveUpAt }
  },
})
