import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'
import { eventPath, eventReason, eventSentence } from './event-sentences.ts'

/** What a webhook says, whatever the format. Documented in docs/webhooks.md. */
export type WebhookMessage = {
  /** The event's own, the same at each attempt. */
  id: string
  type: string
  at: Date
  sentence: string
  reason: string | null
  link: string
}

/** As the portal knows itself. */
type Portal = { url: string; defaultCluster: string }

// Slack takes 3,000 characters in a section.
const maxSentence = 2_000
const maxReason = 2_000

/** @returns what is said of an event: as in the inbox */
export function messageOf(event: InboxEvent, { id, at }: { id: string; at: Date }, portal: Portal): WebhookMessage {
  const reason = eventReason(event)
  return {
    id,
    type: `inbox.${event.kind}`,
    at,
    sentence: clipped(oneLine(eventSentence(event)), maxSentence),
    reason: reason === null ? null : clipped(oneLine(reason), maxReason),
    link: portal.url + eventPath(event, portal.defaultCluster),
  }
}

/** @returns what *Send a test* says */
export const testMessage = (id: string, at: Date, portal: Portal): WebhookMessage => ({
  id,
  type: 'webhook.test',
  at,
  sentence: 'This is a test from Spaceport: your webhook works.',
  reason: null,
  link: `${portal.url}/inbox/settings`,
})

/** @returns the body of a message: JSON. What people wrote is text in it, never markup. */
export const renderWebhook = (message: WebhookMessage, format: WebhookFormat): string =>
  JSON.stringify(renderers[format](message))

const renderers: Readonly<Record<WebhookFormat, (message: WebhookMessage) => object>> = {
  // Standard Webhooks 1.0.0, "Payload structure".
  spaceport: ({ id, type, at, sentence, reason, link }) => ({
    id,
    type,
    timestamp: at.toISOString(),
    data: { sentence, reason, link },
  }),
  slack: ({ sentence, reason, link }) => ({
    // For notifications; the blocks are what is shown.
    text: escapedForSlack(sentence),
    blocks: [
      ...[sentence, ...(reason === null ? [] : [`Reason: ${reason}`])].map((text) => ({
        type: 'section',
        text: { type: 'plain_text', text, emoji: false },
      })),
      { type: 'section', text: { type: 'mrkdwn', text: `<${escapedForSlack(link)}|Open in Spaceport>` } },
    ],
  }),
  // A TextBlock would read Markdown, a TextRun reads none.
  teams: ({ sentence, reason, link }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [sentence, ...(reason === null ? [] : [`Reason: ${reason}`])].map((text) => ({
            type: 'RichTextBlock',
            inlines: [{ type: 'TextRun', text }],
          })),
          actions: [{ type: 'Action.OpenUrl', title: 'Open in Spaceport', url: link }],
        },
      },
    ],
  }),
}

/** https://docs.slack.dev/messaging/formatting-message-text: the three characters that begin markup and mentions. */
const escapedForSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
