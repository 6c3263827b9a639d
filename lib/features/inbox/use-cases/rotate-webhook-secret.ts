import { updateWebhook } from '#lib/features/inbox/db/webhooks.ts'
import { findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { nothing } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { newSecret } from '#lib/kernel/webhook/sign.ts'
import { requireWebhooks } from './require-webhooks.ts'

/**
 * Replaces the secret of one's own webhook immediately.
 * @returns the new secret, which is shown only once
 */
export const rotateWebhookSecret = changePlatform({
  permission: 'rotate-webhook-secret',
  action: 'webhook.rotate-secret',
  input: nothing,
  about: () => ({ target: { kind: 'webhook' } }),
  prepare: async function prepareRotateWebhookSecret({ ctx, about }) {
    const { userId } = ctx.actor
    const webhooks = requireWebhooks(ctx)
    const webhook = await findWebhook(ctx.pool, userId)
    if (!webhook) throw new AppError('not_found')
    about({ target: { kind: 'webhook', name: webhook.host } })
    const secret = newSecret(ctx.randomBytes)
    const encryptedSecret = await webhooks.seal(secret, userId)
    return {
      write: async function writeRotateWebhookSecret({ tx }) {
        if (!(await updateWebhook(tx, userId, { encryptedSecret }))) throw new AppError('not_found')
        return { secret }
      },
    }
  },
})
