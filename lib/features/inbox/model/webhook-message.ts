import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { WebhookFormat } from '#lib/kernel/model/inbox/webhook-format.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'
import { eventPath, eventReason, eventSentence } from './event-sentences.ts'

/** The content of a webhook message, in any format. Documented in docs/webhooks.md. */
export type WebhookMessage = {
  /** The event's id, the same at each attempt. */
  id: string
  type: string
  at: Date
  sentence: string
  reason: string | null
  link: string
}

/** The portal's own address and default cluster. */
type Portal = { url: string; defaultCluster: string }

// Slack takes 3,000 characters in a section.
const maxSentence = 2_000
const maxReason = 2_000

/** @returns an event's message, with the text of the inbox */
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

export const testMessage = (id: string, at: Date, portal: Portal): WebhookMessage => ({
  id,
  type: 'webhook.test',
  at,
  sentence: 'This is a test from Spaceport: your webhook works.',
  reason: null,
  link: `${portal.url}/inbox/settings`,
})

/** @returns the message as a JSON body. User input is escaped as text, never markup. */
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
    // The text of push notifications; Slack shows the blocks.
    text: escapedForSlack(sentence),
    blocks: [
      ...[sentence, ...(reason === null ? [] : [`Reason: ${reason}`])].map((text) => ({
        type: 'section',
        text: { type: 'plain_text', text, emoji: false },
      })),
      { type: 'section', text: { type: 'mrkdwn', text: `<${escapedForSlack(link)}|Open in Spaceport>` } },
    ],
  }),
  // A TextBlock renders Markdown, a TextRun doesn't.
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

/**
 * Escapes the three characters that start markup and mentions
 * (https://docs.slack.dev/messaging/formatting-message-text).
 */
const escapedForSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
