import { standingLabel } from '#components/spaces/standing-label.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import type { SentencePart } from './asking-sentence.ts'
import { termInWords } from './term-in-words.ts'

type Asked = Pick<RequestRow, 'payload' | 'space'>

/** @returns the request without its requester: "Editor role in payments for 7 days" */
export const requestSentence = (request: Asked): string =>
  requestParts(request)
    .map(({ text }) => text)
    .join('')

/** @returns the pieces of that sentence */
export function requestParts({ payload, space }: Asked): SentencePart[] {
  const named = (name: string): SentencePart => ({ text: name, is: 'space' })
  switch (payload.kind) {
    case 'space':
      return [{ text: 'New space ' }, named(payload.name), { text: `, size ${payload.size}` }]
    case 'size':
      return [
        { text: `Size ${payload.size} instead of ${payload.from} for ` },
        space ? named(space.name) : { text: 'a deleted space' },
      ]
    case 'life':
      return [
        space ? named(space.name) : { text: 'A deleted space' },
        {
          text: ` ${payload.endsAt === null ? 'without an end date' : `until ${payload.endsAt.slice(0, 10)}`} instead of ${payload.from?.slice(0, 10) ?? 'no end date'}`,
        },
      ]
    case 'role':
      return [
        { text: `${standingLabel(payload.role)} role in ` },
        named(payload.space),
        { text: ` ${termInWords(payload)}` },
      ]
  }
}
