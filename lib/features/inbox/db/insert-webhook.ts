import type { Tx } from '#lib/kernel/db/client.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

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
