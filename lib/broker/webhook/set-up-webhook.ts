import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { findWebhook } from '#lib/db/find-webhook.ts'
import { insertWebhook } from '#lib/db/insert-webhook.ts'
import { AppError } from '#lib/domain/errors.ts'
import { eventChoices } from '#lib/domain/parse-event-choices.ts'
import { webhookFormats } from '#lib/domain/webhook-format.ts'
import { maxUrlLength } from '#lib/domain/webhook-url.ts'
import { newSecret } from '#lib/webhook/sign.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'
import { requireWebhooks } from './require-webhooks.ts'

/** Where, in which format, and which groups of events. A longer URL is explained, not refused by its length alone. */
export const webhookInput = z.strictObject({
  url: z.string().max(2 * maxUrlLength),
  format: z.enum(webhookFormats),
  choices: eventChoices,
})

/** Sets up one's own webhook. @returns its secret, which is shown this once */
export const setUpWebhook = changePlatform({
  permission: 'set-up-webhook',
  action: 'webhook.set-up',
  input: webhookInput,
  about: ({ format, choices }) => ({ target: { kind: 'webhook' }, detail: { format, choices } }),
  async prepare({ ctx, input: { url: text, format, choices }, about }) {
    const { userId } = ctx.actor
    const webhooks = requireWebhooks(ctx)
    const { url, host } = await checkWebhookUrl(ctx, text, about)
    const secret = newSecret(ctx.randomBytes)
    const [sealedUrl, sealedSecret] = await Promise.all([webhooks.seal(url, userId), webhooks.seal(secret, userId)])
    return {
      async write({ tx }) {
        if (await findWebhook(tx, userId)) throw new AppError('webhook_exists')
        await insertWebhook(tx, { userId, host, format, choices, sealedUrl, sealedSecret, createdAt: ctx.clock() })
        return { secret }
      },
    }
  },
})
