import { hash } from 'node:crypto'

/** What a statement that is prepared once is called. */
export const mark = /^\s*\/\* kept plan: ([a-z-]+) \*\//
/** By text: those with a mark are few. */
const names = new Map<string, string>()

/**
 * Planning a statement often costs Postgres more than running it. One whose text begins with the comment `kept plan: …`
 * is prepared once on each connection, and Postgres keeps its plan from the sixth use on, unless plans for the values at
 * hand are cheaper (https://www.postgresql.org/docs/current/sql-prepare.html). Only for statements that find few rows by
 * a key, whatever the values, and whose text has few variants.
 * @param text a statement
 * @returns the name to prepare it by; undefined: it is planned each time
 */
export function planName(text: string): string | undefined {
  const marked = mark.exec(text)?.[1]
  if (marked === undefined) return undefined
  const known = names.get(text)
  if (known !== undefined) return known
  // The same fragment with another condition is another statement.
  const name = `${marked}-${hash('sha256', text).slice(0, 8)}`
  names.set(text, name)
  return name
}
