import type { RequestRow } from '#lib/domain/request-view.ts'

const inDays = (days: number | null): string =>
  days === null ? 'with no end' : `for ${days} ${days === 1 ? 'day' : 'days'}`

const article = (word: string): string => (/^[aeiou]/.test(word) ? 'an' : 'a')

/** @returns what is asked for, without who asks: "To be an editor in payments for 7 days" */
export function requestSentence({ payload, space }: Pick<RequestRow, 'payload' | 'space'>): string {
  switch (payload.kind) {
    case 'space':
      return `A new space, ${payload.name}, of size ${payload.size}`
    case 'size':
      return `Size ${payload.size} instead of ${payload.from} for ${space?.name ?? 'a space'}`
    case 'role':
      return `To be ${article(payload.role)} ${payload.role} in ${payload.space} ${inDays(payload.days)}`
  }
}
