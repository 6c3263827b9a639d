import { hash } from 'node:crypto'

/** The comment that names a prepared statement. */
export const mark = /^\s*\/\* kept plan: ([a-z-]+) \*\//
/** By text: few statements are marked. */
const names = new Map<string, string>()

/**
 * Planning a statement often costs Postgres more than running it. A statement that starts with the comment `kept plan:
 * …` is prepared once per connection, and Postgres keeps its plan from the sixth use on unless custom plans are cheaper
 * (https://www.postgresql.org/docs/current/sql-prepare.html). Only for statements that find few rows by a key and have
 * few variants.
 * @returns the name to prepare it under; undefined: it is planned each time
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
