import type { LineFilter } from '#lib/features/reviews/model/review-view.ts'

/** @returns the set parts of a filter, as URL parameters or form fields */
export const setFilters = (filter: LineFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  )

/** @returns the URL of a page of a review's lines */
export function reviewPath(id: string, filter: LineFilter = {}, after?: string): string {
  const query = new URLSearchParams({ ...setFilters(filter), ...(after !== undefined && { after }) }).toString()
  return `/admin/reviews/${id}${query ? `?${query}` : ''}`
}

export const reviewExportPath = (id: string, format: 'json' | 'csv'): string =>
  `/api/admin/reviews/${id}?${new URLSearchParams({ format })}`
