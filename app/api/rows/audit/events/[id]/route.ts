import { toAuditEventData } from '#components/audit/event/audit-event-data.ts'
import { readEvent, readEventInput } from '#lib/features/audit/use-cases/read-event.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** One event of the trail with all its rows, for lists that expand it. */
export const GET = rowsRoute({
  name: 'audit event',
  input: readEventInput,
  useCase: readEvent,
  show: toAuditEventData,
})

export const dynamic = 'force-dynamic'
