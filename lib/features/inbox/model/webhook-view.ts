import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

export type WebhookView = {
  host: string
  format: WebhookFormat
  choices: EventChoices
  /** When the receiver answered HTTP 410. */
  offAt: Date | null
  /** When a message last failed for good, unless one was delivered since. */
  gaveUpAt: Date | null
}

/** A secret that is shown once. Null for Slack and Teams, which verify no signatures. */
export type NewSecret = { secret: string | null }
