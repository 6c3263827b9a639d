import type { LineFilter } from '#lib/features/reviews/model/review-view.ts'

/** @returns what of a filter is set, as text: an address’s parameters, or a form’s fields */
export const setFilters = (filter: LineFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  )

/** @returns the address of a review with some of its lines, after one of them */
export function reviewPath(id: string, filter: LineFilter = {}, after?: string): string {
  const query = new URLSearchParams({ ...setFilters(filter), ...(after !== undefined && { after }) }).toString()
  return `/admin/reviews/${id}${query ? `?${query}` : ''}`
}

export const reviewExportPath = (id: string, format: 'json' | 'csv'): string =>
  `/api/admin/reviews/${id}?${new URLSearchParams({ format })}`
