import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'

/** @returns the address with the filters and more parameters in its query */
export function auditHref(path: string, filters: AuditFilterText, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...filters, ...more }).toString()
  return query ? `${path}?${query}` : path
}
