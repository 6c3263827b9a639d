/**
 * Mail is plain text with one link, to a page that decides again who may see it. Whatever people have written, their
 * names and reasons, stays in its line of the subject or in its quoted lines of the body.
 */

import { eventPath, eventReason, eventSentence } from '#lib/features/inbox/model/event-sentences.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'

/** As the portal knows itself. */
type Portal = { url: string; defaultCluster: string }

const longestSubject = 200

const quoted = (text: string): string =>
  text
    .split(/\r\n|[\r\n]/)
    .map((line) => `> ${oneLine(line)}`.trimEnd())
    .join('\n')

/** @returns the subject and text of the mail about an event */
export function renderMail(event: InboxEvent, portal: Portal): { subject: string; text: string } {
  const sentence = oneLine(eventSentence(event))
  const reason = eventReason(event)
  const parts = [
    sentence,
    ...(reason === null ? [] : [`Reason:\n${quoted(reason)}`]),
    portal.url + eventPath(event, portal.defaultCluster),
    'Spaceport sends this because of what you chose in your inbox, under Notifications.',
  ]
  return { subject: clipped(sentence, longestSubject), text: `${parts.join('\n\n')}\n` }
}
