/**
 * The trail's filters as they stand in the page's URL. The same names are read by the page and by the export, so that a
 * download holds what the page shows.
 */
export const auditFilterNames = ['person', 'space', 'action', 'from', 'until', 'outcome', 'text'] as const
export type AuditFilterName = (typeof auditFilterNames)[number]
export type AuditFilters = Partial<Record<AuditFilterName, string>>

/** @returns the filters that are set, of a page's search parameters; repeated ones count once, blank ones not at all */
export function readAuditFilters(params: Readonly<Record<string, string | string[] | undefined>>): AuditFilters {
  const filters: AuditFilters = {}
  for (const name of auditFilterNames) {
    const given = params[name]
    const value = (Array.isArray(given) ? given[0] : given)?.trim()
    if (value) filters[name] = value
  }
  return filters
}

/** @returns an address with the filters, and whatever else is given, as its query */
export function auditHref(path: string, filters: AuditFilters, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...filters, ...more }).toString()
  return query ? `${path}?${query}` : path
}
