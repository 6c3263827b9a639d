import type { Tx } from '#lib/kernel/db/client.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

type NewWebhook = {
  userId: string
  host: string
  format: WebhookFormat
  encryptedUrl: string
  encryptedSecret: string
  choices: EventChoices
  createdAt: Date
}

export async function insertWebhook(tx: Tx, { choices, ...webhook }: NewWebhook): Promise<void> {
  await tx.webhook.create({ data: { ...webhook, choices: { ...choices } } })
}

type Change =
  | { encryptedSecret: string }
  | { format: WebhookFormat; choices: EventChoices; offAt: null; host?: string; encryptedUrl?: string }

/**
 * Changes a person's webhook.
 * @returns whether they have one
 */
export async function updateWebhook(tx: Tx, userId: string, change: Change): Promise<boolean> {
  const data = 'choices' in change ? { ...change, choices: { ...change.choices } } : change
  return (await tx.webhook.updateMany({ where: { userId }, data })).count > 0
}

/**
 * Turns a person's webhook off, unless its URL has changed.
 * @returns whether it was on
 */
export const turnWebhookOff = async (tx: Tx, userId: string, encryptedUrl: string, at: Date): Promise<boolean> =>
  (await tx.webhook.updateMany({ where: { userId, encryptedUrl, offAt: null }, data: { offAt: at } })).count > 0
