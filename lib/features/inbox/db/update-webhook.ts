import type { Tx } from '#lib/kernel/db/client.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

type Change =
  | { sealedSecret: string }
  | { format: WebhookFormat; choices: EventChoices; offAt: null; host?: string; sealedUrl?: string }

/** Changes a person's webhook. @returns whether they have one */
export async function updateWebhook(tx: Tx, userId: string, change: Change): Promise<boolean> {
  const data = 'choices' in change ? { ...change, choices: { ...change.choices } } : change
  return (await tx.webhook.updateMany({ where: { userId }, data })).count > 0
}
