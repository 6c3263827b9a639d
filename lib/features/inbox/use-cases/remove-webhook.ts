import { deleteWebhook, findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { nothing } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** Removes one's own webhook with its URL and secret. Queued messages aren't sent. */
export const removeWebhook = changePlatform({
  permission: 'remove-webhook',
  action: 'webhook.remove',
  input: nothing,
  about: () => ({ target: { kind: 'webhook' } }),
  prepare: async function prepareRemoveWebhook({ ctx, about }) {
    const { userId } = ctx.actor
    const webhook = await findWebhook(ctx.pool, userId)
    if (!webhook) throw new AppError('not_found')
    about({ target: { kind: 'webhook', name: webhook.host } })
    return {
      write: async function writeRemoveWebhook({ tx, undo }) {
        if (!(await deleteWebhook(tx, userId))) undo()
      },
      already: undefined,
    }
  },
})
