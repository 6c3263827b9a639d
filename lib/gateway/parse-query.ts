import { Refusal } from './refusal.ts'

/** Go's url.ParseQuery drops pairs with a semicolon or a wrong escape, others keep them: so neither gets through. */
const ambiguous = /;|%(?![0-9a-fA-F]{2})/

/** @throws Refusal bad_path when parsers could disagree about the query */
export function parseQuery(query: string): URLSearchParams {
  if (ambiguous.test(query))
    throw new Refusal('bad_path', 400, "the request's query is not acceptable: it is not properly encoded")
  return new URLSearchParams(query)
}

/** @returns a flag as the API server reads it: the first value counts; anything but empty absence, `false` and `0` is true */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  if (value === null) return false
  const lower = value.toLowerCase()
  return lower !== 'false' && lower !== '0'
}
