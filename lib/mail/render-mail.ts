/**
 * Mail is plain text with one link, to a page that decides again who may see it. Whatever people have written, their
 * names and reasons, stays in its line of the subject or in its quoted lines of the body.
 */
import type { InboxEvent } from '#lib/domain/event.ts'
import { eventPath, eventReason, eventSentence } from '#lib/domain/event-sentences.ts'

/** As the portal knows itself. */
type Portal = { url: string; defaultCluster: string }

const longestSubject = 200

// Characters that end a line, hide, or turn text around (lib/domain/plain-text.ts), and odd spaces between words.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu
const oneLine = (text: string): string => text.toWellFormed().replace(unseen, ' ').replace(/ {2,}/g, ' ').trim()

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
    'Spaceport sends this because of what you chose in your inbox, under Mail.',
  ]
  const subject = sentence.length > longestSubject ? `${sentence.slice(0, longestSubject - 1)}…` : sentence
  return { subject: subject.toWellFormed(), text: `${parts.join('\n\n')}\n` }
}
