import type { Filter } from './filter.ts'
import { parseFilter } from './parse-filter.ts'
import { type Projection, parseProjection } from './projection.ts'
import { scimFailure } from './scim-failure.ts'

/** Resources in one page. */
export const maxPage = 100
const maxStart = 1_000_000

/** What a list is asked for (RFC 7644, section 3.4.2). */
export type Query = { filter: Filter | null; startIndex: number; count: number; projection: Projection }

/** Parameters that it doesn't know are ignored, sorting included. @throws AppError scim_filter, scim_value */
export function parseQuery(params: URLSearchParams): Query {
  const filter = params.get('filter')
  return {
    filter: filter === null || filter.trim() === '' ? null : parseFilter(filter),
    // Less than 1 means 1, and a negative count 0.
    startIndex: Math.min(maxStart, Math.max(1, wholeNumber(params, 'startIndex', 1))),
    count: Math.min(maxPage, Math.max(0, wholeNumber(params, 'count', maxPage))),
    projection: parseProjection(params),
  }
}

function wholeNumber(params: URLSearchParams, name: string, otherwise: number): number {
  const text = params.get(name)
  if (text === null || text === '') return otherwise
  if (!/^-?\d{1,15}$/.test(text)) throw scimFailure('scim_value', `${name} is no whole number.`)
  return Number(text)
}
