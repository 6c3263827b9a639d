import { termInWords } from '#components/requests/term-in-words.ts'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { countIn, type DescribedEvent, inSpace, personIn, space, valueIn } from './event-words.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { readStoredRequest } from './stored-request.ts'

/** The request as stored in the trail. */
const payloadOf = ({ detail }: DescribedEvent): RequestPayload | null => readStoredRequest(valueIn(detail, 'request'))

/** @returns the content of a request: `editor access to web-dev for 4 hours`; null if the row doesn't have it */
export function requestedContent(event: DescribedEvent): SentencePart[] | null {
  const payload = payloadOf(event)
  switch (payload?.kind) {
    case undefined:
      return null
    case 'space':
      return ['the new space ', named(payload.name), ` of size ${payload.size}`]
    case 'size':
      return [`size ${payload.size} instead of ${payload.from}`, ...inSpace(event, ' for ')]
    case 'life':
      return [
        payload.endsAt ? `an end on ${timeInFull(new Date(payload.endsAt), false)}` : 'no end',
        ...inSpace(event, ' for '),
      ]
    case 'role':
      return [
        `${payload.role} access to `,
        event.spaceId ? space(event) : named(payload.space),
        ` ${term(event, payload)}`,
      ]
  }
}

/** An approver may shorten the requested time. */
function term({ detail }: DescribedEvent, payload: RequestPayload & { kind: 'role' }): string {
  const minutes = countIn(detail, 'minutes')
  return minutes === null ? termInWords(payload) : `for ${minutesInWords(minutes)}`
}

/** @returns what an approval grants: `Alice’s editor access to web-dev for 4 hours` */
export function grantedContent(event: DescribedEvent): SentencePart[] {
  const wanted = requestedContent(event)
  const owner: SentencePart[] = [personIn(event, 'requester', 'someone'), '’s ']
  if (wanted === null) return [...owner, 'request', ...inSpace(event)]
  if (payloadOf(event)?.kind === 'role') return [...owner, ...wanted]
  return [...owner, 'request for ', ...wanted]
}

/** @returns `Alice’s request for editor access to web-dev` */
export function theRequest(event: DescribedEvent, owner: SentencePart[] | null): SentencePart[] {
  const wanted = requestedContent(event)
  return [...(owner ?? ['a ']), 'request', ...(wanted === null ? inSpace(event) : [' for ', ...wanted])]
}
