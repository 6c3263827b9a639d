import { wordsOf } from './action-words.ts'
import { countIn, type Teller, type Telling } from './event-words.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { who } from './who.ts'

/**
 * @returns an action of the trail as a sentence, with what has a page as parts of its own. A refused or failed action
 *   was tried; one without an outcome was begun. An action that this release doesn't know is told by its name.
 */
export function sentenceOf(row: Telling, teller: Teller): SentencePart[] {
  const told = { ...row, ...teller }
  const words = wordsOf(row.action)
  const whole = words?.whole?.(told)
  if (whole) return whole
  if (!words) return [who(row.actor), ' did ', named(row.action)]
  const { did, toDo, what } = words.tell(told)
  const verb = { ok: did, refused: `tried to ${toDo}`, failed: `tried to ${toDo}`, unknown: `began to ${toDo}` }
  return [who(row.actor), ` ${verb[row.outcome]}${what.length > 0 ? ' ' : ''}`, ...what, ...repeated(row)]
}

/** Rows that anyone can cause in any number are counted after the first ones. */
function repeated({ detail }: Telling): SentencePart[] {
  const count = countIn(detail, 'repeated')
  return count === null ? [] : [`, ${count} more ${count === 1 ? 'time' : 'times'} within a minute`]
}

/** @returns what was done in general, for a filter: `Deleted a space`; an unknown action is returned unchanged */
export const actionLabel = (action: string): string => wordsOf(action)?.label ?? action
