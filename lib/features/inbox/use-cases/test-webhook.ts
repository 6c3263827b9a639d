import { testMessage } from '#lib/features/inbox/model/webhook-message.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { findWebhook } from '#lib/kernel/db/inbox/webhook.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { answerInWords, resultOf } from '#lib/kernel/webhook/webhook-answer.ts'
import { requireWebhooks } from './require-webhooks.ts'
import { sendMessage } from './send-message.ts'

const allowance = { name: 'webhook-test', times: 10, seconds: 600 }

/**
 * Sends a test to one's own saved webhook.
 * @returns whether it arrived, and the outcome as a sentence
 */
export const testWebhook = viewPlatform({
  permission: 'test-webhook',
  input: nothing,
  read: async function readTestWebhook({ ctx }): Promise<{ arrived: boolean; sentence: string }> {
    const webhooks = requireWebhooks(ctx)
    const { userId } = ctx.actor
    const webhook = await findWebhook(ctx.pool, userId)
    if (!webhook) throw new AppError('not_found')
    await consumeRateLimit(ctx.pool, allowance, userId)
    const portal = { url: ctx.portalUrl, defaultCluster: ctx.clusters.defaultName }
    const id = Buffer.from(ctx.randomBytes(16)).toString('hex')
    const answer = await sendMessage(
      webhooks,
      { userId, ...webhook },
      testMessage(id, ctx.clock(), portal),
      ctx.clock(),
    )
    if (!answer) throw new AppError('webhook_unreadable')
    if (answer.status === null) ctx.log.info({ host: webhook.host, why: answer.why }, 'a test got no answer')
    return { arrived: resultOf(answer).sent, sentence: answerInWords(answer, webhook.host) }
  },
})
