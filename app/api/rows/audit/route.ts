import { auditRowsQuery } from '#app/audit/parse-audit-query.ts'
import { readAuditFilters } from '#app/audit/read-audit-filters.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { listAudit } from '#lib/features/audit/use-cases/list-audit.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of the audit trail for a filter and a page. */
export const GET = rowsRoute({
  name: 'audit rows',
  input: auditRowsQuery,
  useCase: listAudit,
  show: (page, { before }, params) => toAuditListData(page, readAuditFilters(Object.fromEntries(params)), before),
})

export const dynamic = 'force-dynamic'
