import type { EventChoices } from '#lib/domain/event-choices.ts'
import type { WebhookFormat } from '#lib/domain/webhook-format.ts'
import type { Tx } from './client.ts'

type NewWebhook = {
  userId: string
  host: string
  format: WebhookFormat
  sealedUrl: string
  sealedSecret: string
  choices: EventChoices
  createdAt: Date
}

/** Stores a person's webhook. They have none yet. */
export async function insertWebhook(tx: Tx, { choices, ...webhook }: NewWebhook): Promise<void> {
  await tx.webhook.create({ data: { ...webhook, choices: { ...choices } } })
}
