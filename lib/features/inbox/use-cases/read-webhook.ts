import type { WebhookView } from '#lib/features/inbox/model/webhook-view.ts'
import { findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns the person's webhook, without secrets; `unavailable`: webhooks aren't configured */
export const readWebhook = viewPlatform({
  permission: 'read-webhook',
  input: nothing,
  read: async function readReadWebhook({ ctx }): Promise<WebhookView | 'none' | 'unavailable'> {
    if (!ctx.webhooks) return 'unavailable'
    const found = await findWebhook(ctx.pool, ctx.actor.userId)
    if (!found) return 'none'
    const { host, format, choices, offAt, gaveUpAt } = found
    return { host, format, choices, offAt, gaveUpAt }
  },
})
