import { standingLabel } from '#components/spaces/standing-label.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import { termInWords } from './term-in-words.ts'

/** @returns the request without its requester: "Editor role in payments for 7 days" */
export function requestSentence({ payload, space }: Pick<RequestRow, 'payload' | 'space'>): string {
  switch (payload.kind) {
    case 'space':
      return `New space ${payload.name}, size ${payload.size}`
    case 'size':
      return `Size ${payload.size} instead of ${payload.from} for ${space?.name ?? 'a deleted space'}`
    case 'life':
      return `${space?.name ?? 'A deleted space'} ${payload.endsAt === null ? 'without an end date' : `until ${payload.endsAt.slice(0, 10)}`} instead of ${payload.from?.slice(0, 10) ?? 'no end date'}`
    case 'role':
      return `${standingLabel(payload.role)} role in ${payload.space} ${termInWords(payload)}`
  }
}
