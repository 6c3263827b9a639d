import { z } from 'zod'
import { insertWebhook } from '#lib/features/inbox/db/webhooks.ts'
import { maxUrlLength } from '#lib/features/inbox/model/webhook-url.ts'
import { findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { eventChoices } from '#lib/kernel/model/inbox/parse-event-choices.ts'
import { webhookFormats } from '#lib/kernel/model/inbox/webhook-format.ts'
import { newSecret } from '#lib/kernel/webhook/sign.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'
import { requireWebhooks } from './require-webhooks.ts'

/** URL, format and groups of events. Longer URLs pass here and get a better error later. */
export const webhookInput = z.strictObject({
  url: z.string().max(2 * maxUrlLength),
  format: z.enum(webhookFormats),
  choices: eventChoices,
})

/**
 * Sets up one's own webhook.
 * @returns its secret, which is shown only once
 */
export const setUpWebhook = changePlatform({
  permission: 'set-up-webhook',
  action: 'webhook.set-up',
  input: webhookInput,
  about: ({ format, choices }) => ({ target: { kind: 'webhook' }, detail: { format, choices } }),
  prepare: async function prepareSetUpWebhook({ ctx, input: { url: text, format, choices }, about }) {
    const { userId } = ctx.actor
    const webhooks = requireWebhooks(ctx)
    const { url, host } = await checkWebhookUrl(ctx, text, about)
    const secret = newSecret(ctx.randomBytes)
    const [encryptedUrl, encryptedSecret] = await Promise.all([
      webhooks.seal(url, userId),
      webhooks.seal(secret, userId),
    ])
    return {
      write: async function writeSetUpWebhook({ tx }) {
        if (await findWebhook(tx, userId)) throw new AppError('webhook_exists')
        await insertWebhook(tx, {
          userId,
          host,
          format,
          choices,
          encryptedUrl,
          encryptedSecret,
          createdAt: ctx.clock(),
        })
        return { secret }
      },
    }
  },
})
