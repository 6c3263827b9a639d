import type { Filter } from './filter.ts'
import { parseFilter } from './parse-filter.ts'
import { type Projection, parseProjection } from './projection.ts'
import { scimFailure } from './scim-failure.ts'

/** Resources in one page. */
export const maxPage = 100
const maxStart = 1_000_000

/** The parameters of a list (RFC 7644, section 3.4.2). */
export type Query = { filter: Filter | null; startIndex: number; count: number; projection: Projection }

/**
 * Ignores unknown parameters, including sorting.
 * @throws AppError scim_filter, scim_value
 */
export function parseQuery(params: URLSearchParams): Query {
  const filter = params.get('filter')
  return {
    filter: filter === null || filter.trim() === '' ? null : parseFilter(filter),
    // A startIndex below 1 means 1, a negative count means 0.
    startIndex: Math.min(maxStart, Math.max(1, wholeNumber(params, 'startIndex', 1))),
    count: Math.min(maxPage, Math.max(0, wholeNumber(params, 'count', maxPage))),
    projection: parseProjection(params),
  }
}

function wholeNumber(params: URLSearchParams, name: string, otherwise: number): number {
  const text = params.get(name)
  if (text === null || text === '') return otherwise
  if (!/^-?\d{1,15}$/.test(text)) throw scimFailure('scim_value', `${name} must be a whole number.`)
  return Number(text)
}
