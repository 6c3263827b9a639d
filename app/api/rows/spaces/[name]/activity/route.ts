import { z } from 'zod'
import { toActivityData } from '#components/audit/activity-data.ts'
import { listSpaceActivity } from '#lib/broker/audit/list-audit.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import { activitySources } from '#lib/domain/activity-source.ts'
import { auditCursor } from '#lib/domain/audit-filter.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of a space's activity, for its pages. */
export const GET = rowsRoute({
  name: 'activity rows',
  input: spaceKey
    .extend({ by: z.enum(activitySources).exactOptional(), before: auditCursor.exactOptional() })
    .transform(({ by, before, ...space }) => ({ space, by, before })),
  useCase: listSpaceActivity,
  show: toActivityData,
})

export const dynamic = 'force-dynamic'
