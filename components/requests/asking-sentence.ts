import { timeInFull } from '#components/ui/time/time-in-words.ts'
import type { DecisionContext, RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { termInWords } from './term-in-words.ts'

/** A piece of a sentence. `space`: the name of the request's space. */
export type SentencePart = { text: string; is?: 'asked' | 'space' }

type Asking = Pick<RequestDetail, 'isOwn' | 'state' | 'requester' | 'payload' | 'space' | 'context'>

/**
 * @returns a request as a sentence: "Erin Example (no group, 1 of 5 spaces) asks to be editor in api-staging for 7
 *   days"; for its requester: "Your request: editor in api-staging for 7 days"
 */
export function askingSentence({ isOwn, state, requester, payload, space, context }: Asking): SentencePart[] {
  const { name, from } = requester
  // With several providers, a group belongs to the requester's.
  const whence = from ? ` from ${from}` : ''
  const who = `${name}${whence}${context ? ` (${standingOf(context)})` : ''}`
  const verb = state === 'open' ? 'asks' : 'asked'
  const start = (asking: string) => (isOwn ? 'Your request: ' : `${who} ${verb} ${asking} `)
  switch (payload.kind) {
    case 'space':
      return [
        { text: `${start('for the')}new space ` },
        { text: payload.name, is: 'space' },
        { text: ', ' },
        { text: `size ${payload.size}`, is: 'asked' },
        { text: payload.endsAt ? `, until ${timeInFull(new Date(payload.endsAt), false)}` : ', with no end date' },
      ]
    case 'size':
      return [
        { text: start('for') },
        { text: `size ${payload.size}`, is: 'asked' },
        { text: ` instead of ${payload.from} for ` },
        space ? { text: space.name, is: 'space' } : { text: 'a deleted space' },
      ]
    case 'life':
      return [
        { text: `${start('to')}keep ` },
        space ? { text: space.name, is: 'space' } : { text: 'a deleted space' },
        { text: ' ' },
        {
          text: payload.endsAt ? `until ${timeInFull(new Date(payload.endsAt), false)}` : 'without an end date',
          is: 'asked',
        },
      ]
    case 'role':
      return [
        { text: start('to be') },
        { text: payload.role, is: 'asked' },
        { text: ' in ' },
        { text: payload.space, is: 'space' },
        { text: ` ${termInWords(payload)}` },
      ]
  }
}

/** A requester's groups and number of spaces: "team-blue, 5 of 5 spaces". */
const standingOf = ({ groups, spaces }: DecisionContext): string =>
  `${groupWords(groups, 2) ?? 'no group'}, ${spaces.owned} of ${spaces.limit} spaces`

/**
 * @param most the number of names to show
 * @returns a person's groups: "team-blue and 3 more"; null: none
 */
export function groupWords({ names, count }: DecisionContext['groups'], most: number): string | null {
  if (count === 0) return null
  if (names === null) return count === 1 ? '1 group' : `${count} groups`
  return shortList(names, count, most)
}

/** @returns the first names of a list: "a, b and 3 more" */
export function shortList(names: readonly string[], count: number, most = names.length): string {
  const shown = names.slice(0, most)
  const rest = count - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
