import { updateWebhook } from '#lib/features/inbox/db/webhooks.ts'
import { findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'
import { requireWebhooks } from './require-webhooks.ts'
import { webhookInput } from './set-up-webhook.ts'

/** Changes one's own webhook and turns it on. An empty URL keeps the current one. */
export const changeWebhook = changePlatform({
  permission: 'change-webhook',
  action: 'webhook.change',
  input: webhookInput,
  about: ({ format, choices }) => ({ target: { kind: 'webhook' }, detail: { format, choices } }),
  prepare: async function prepareChangeWebhook({ ctx, input: { url: text, format, choices }, about }) {
    const { userId } = ctx.actor
    const webhooks = requireWebhooks(ctx)
    const before = await findWebhook(ctx.pool, userId)
    if (!before) throw new AppError('not_found')
    about({ target: { kind: 'webhook', name: before.host } })
    const moved = text.trim() === '' ? null : await checkWebhookUrl(ctx, text, about)
    if (moved) about({ detail: { hostBefore: before.host } })
    const to = moved && { host: moved.host, encryptedUrl: await webhooks.seal(moved.url, userId) }
    return {
      write: async function writeChangeWebhook({ tx }) {
        if (!(await updateWebhook(tx, userId, { format, choices, offAt: null, ...to }))) throw new AppError('not_found')
      },
    }
  },
})
