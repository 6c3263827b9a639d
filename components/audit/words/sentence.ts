import { wordsOf } from './action-words.ts'
import { countIn, type EventContent, type EventContext } from './event-words.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { who } from './who.ts'

/**
 * @returns an action of the trail as a sentence, in which everything with a page is its own part. A refused or failed
 * action was tried; one without an outcome was begun. An unknown action keeps its name.
 */
export function sentenceOf(row: EventContent, context: EventContext): SentencePart[] {
  const event = { ...row, ...context }
  const words = wordsOf(row.action)
  const sentence = words?.sentence?.(event)
  if (sentence) return sentence
  if (!words) return [who(row.actor), ' did ', named(row.action)]
  const { did, toDo, what } = words.describe(event)
  const verb = { ok: did, refused: `tried to ${toDo}`, failed: `tried to ${toDo}`, unknown: `began to ${toDo}` }
  return [who(row.actor), ` ${verb[row.outcome]}${what.length > 0 ? ' ' : ''}`, ...what, ...repeated(row)]
}

/** Rows that anyone can cause in any number are counted after the first ones. */
function repeated({ detail }: EventContent): SentencePart[] {
  const count = countIn(detail, 'repeated')
  return count === null ? [] : [`, ${count} more ${count === 1 ? 'time' : 'times'} within a minute`]
}

/** @returns the action in general, for a filter: `Deleted a space`; an unknown action unchanged */
export const actionLabel = (action: string): string => wordsOf(action)?.label ?? action
