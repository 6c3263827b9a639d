import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'

/** A webhook, as its person sees it. */
export type WebhookView = {
  host: string
  format: WebhookFormat
  choices: EventChoices
  /** Since when the receiver says that it is gone. */
  offAt: Date | null
  /** When a message was last given up, if none was delivered since. */
  gaveUpAt: Date | null
}

/** A secret that is shown once; null: there is none to show. Slack and Teams verify no signatures. */
export type NewSecret = { secret: string | null }
