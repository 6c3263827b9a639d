/**
 * Plain-text mail with one link, to a page that checks access again. User input (names, reasons) stays within one line
 * of the subject or within quoted lines of the body.
 */

import { eventPath, eventReason, eventSentence } from '#lib/features/inbox/model/event-sentences.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'

/** The portal's own address and default cluster. */
type Portal = { url: string; defaultCluster: string }

const longestSubject = 200

const quoted = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map((line) => `> ${oneLine(line)}`.trimEnd())
    .join('\n')

export function renderMail(event: InboxEvent, portal: Portal): { subject: string; text: string } {
  const sentence = oneLine(eventSentence(event))
  const reason = eventReason(event)
  const parts = [
    sentence,
    ...(reason === null ? [] : [`Reason:\n${quoted(reason)}`]),
    portal.url + eventPath(event, portal.defaultCluster),
    'You can change which mail you get in your inbox, under Notifications.',
  ]
  return { subject: clipped(sentence, longestSubject), text: `${parts.join('\n\n')}\n` }
}
