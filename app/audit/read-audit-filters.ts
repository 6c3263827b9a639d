import { type SearchParams, textParam } from '#app/search-params.ts'
import { type AuditFilterText, auditFilterNames } from '#lib/features/audit/model/audit-filter.ts'

export function readAuditFilters(params: SearchParams): AuditFilterText {
  const filters: AuditFilterText = {}
  for (const name of auditFilterNames) {
    const text = textParam(params, name)
    if (text !== undefined) filters[name] = text
  }
  return filters
}
