import { renderWebhook, type WebhookMessage } from '#lib/features/inbox/model/webhook-message.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'
import type { Webhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import type { WebhookAnswer } from '#lib/kernel/webhook/webhook-answer.ts'

type Receiver = { userId: string; format: WebhookFormat; encryptedUrl: string; encryptedSecret: string }

/**
 * Sends a message to a person's webhook.
 * @returns null if its URL or secret can't be decrypted
 */
export async function sendMessage(
  webhooks: Webhooks,
  { userId, format, encryptedUrl, encryptedSecret }: Receiver,
  message: WebhookMessage,
  at: Date,
): Promise<WebhookAnswer | null> {
  const [url, secret] = await Promise.all([webhooks.open(encryptedUrl, userId), webhooks.open(encryptedSecret, userId)])
  if (url === null || secret === null) return null
  return webhooks.send({ url, secret, id: message.id, at, body: renderWebhook(message, format) })
}
