import { termInWords } from '#components/requests/term-in-words.ts'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import { countIn, inSpace, personIn, space, type Told, valueIn } from './event-words.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { readStoredRequest } from './stored-request.ts'

/** What the trail keeps of the request. */
const payloadOf = ({ detail }: Told): RequestPayload | null => readStoredRequest(valueIn(detail, 'request'))

/** @returns what was requested: `editor access to web-dev for 4 hours`; null if the row doesn't say */
export function wish(told: Told): SentencePart[] | null {
  const payload = payloadOf(told)
  switch (payload?.kind) {
    case undefined:
      return null
    case 'space':
      return ['the new space ', named(payload.name), ` of size ${payload.size}`]
    case 'size':
      return [`size ${payload.size} instead of ${payload.from}`, ...inSpace(told, ' for ')]
    case 'life':
      return [
        payload.endsAt ? `an end on ${timeInFull(new Date(payload.endsAt), false)}` : 'no end',
        ...inSpace(told, ' for '),
      ]
    case 'role':
      return [
        `${payload.role} access to `,
        told.spaceId ? space(told) : named(payload.space),
        ` ${term(told, payload)}`,
      ]
  }
}

/** An approver may allow less time than was asked for. */
function term({ detail }: Told, payload: RequestPayload & { kind: 'role' }): string {
  const minutes = countIn(detail, 'minutes')
  return minutes === null ? termInWords(payload) : `for ${minutesInWords(minutes)}`
}

/** @returns `Alice’s editor access to web-dev for 4 hours`, as it is approved */
export function grantedContent(told: Told): SentencePart[] {
  const wanted = wish(told)
  const whose: SentencePart[] = [personIn(told, 'requester', 'someone'), '’s ']
  if (wanted === null) return [...whose, 'request', ...inSpace(told)]
  if (payloadOf(told)?.kind === 'role') return [...whose, ...wanted]
  return [...whose, 'request for ', ...wanted]
}

/** @returns `Alice’s request for editor access to web-dev`; whose it is only where a detail says so */
export function theRequest(told: Told, whose: SentencePart[] | null): SentencePart[] {
  const wanted = wish(told)
  return [...(whose ?? ['a ']), 'request', ...(wanted === null ? inSpace(told) : [' for ', ...wanted])]
}
