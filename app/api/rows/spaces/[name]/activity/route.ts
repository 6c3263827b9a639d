import { toActivityData } from '#components/audit/activity-data.ts'
import { listSpaceActivity } from '#lib/broker/audit/list-audit.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import { auditCursor } from '#lib/domain/audit-filter.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of a space's activity, for its pages. */
export const GET = rowsRoute({
  name: 'activity rows',
  input: spaceKey
    .extend({ before: auditCursor.exactOptional() })
    .transform(({ before, ...space }) => ({ space, before })),
  useCase: listSpaceActivity,
  show: (page, { before }) => toActivityData(page, before),
})

export const dynamic = 'force-dynamic'
