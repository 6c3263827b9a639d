import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'

/** @returns an address with the filters and further parameters as its query */
export function auditHref(path: string, filters: AuditFilterText, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...filters, ...more }).toString()
  return query ? `${path}?${query}` : path
}
