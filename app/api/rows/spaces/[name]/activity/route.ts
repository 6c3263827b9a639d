import { z } from 'zod'
import { toActivityData } from '#components/audit/activity/activity-data.ts'
import { activitySources } from '#lib/features/audit/model/activity-source.ts'
import { auditCursor } from '#lib/features/audit/model/audit-filter.ts'
import { listSpaceActivity } from '#lib/features/audit/use-cases/list-audit.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'activity rows',
  input: spaceKey
    .extend({ by: z.enum(activitySources).exactOptional(), before: auditCursor.exactOptional() })
    .transform(({ by, before, ...space }) => ({ space, by, before })),
  useCase: listSpaceActivity,
  show: toActivityData,
})

export const dynamic = 'force-dynamic'
