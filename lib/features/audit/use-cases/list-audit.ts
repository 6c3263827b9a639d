import { z } from 'zod'
import { selectAuditNames } from '#lib/features/audit/db/select-audit-names.ts'
import { type AuditQuery, selectAuditPage } from '#lib/features/audit/db/select-audit-rows.ts'
import { activitySources } from '#lib/features/audit/model/activity-source.ts'
import { auditCursor, auditFilter } from '#lib/features/audit/model/audit-filter.ts'
import { mentionsOf } from '#lib/features/audit/model/audit-mentions.ts'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

export const listAuditInput = auditFilter.extend({ before: auditCursor.optional() })

const pageSize = 50

/** @returns a page of the whole trail, newest first, for auditors and platform admins */
export const listAudit = viewPlatform({
  permission: 'list-audit',
  input: listAuditInput,
  read: ({ ctx, input }) => pageOf(ctx, input),
})

/** @returns a page of one space's trail, newest first, for its members; optionally from one source */
export const listSpaceActivity = viewInSpace({
  permission: 'read-space-activity',
  input: z.strictObject({
    space: spaceKey,
    by: z.enum(activitySources).optional(),
    before: auditCursor.optional(),
  }),
  read: ({ ctx, space, input: { by, before } }) => pageOf(ctx, { spaceId: space.id, by, before }),
})

/** @returns a page of a query, with the names for its ids and handles */
export async function pageOf(ctx: BrokerContext, query: AuditQuery): Promise<AuditPage> {
  const { rows, searchedTo, searchedSince } = await selectAuditPage(ctx.pool, query, pageSize + 1, {
    by: ctx.actor.userId,
  })
  const page = rows.slice(0, pageSize)
  const names = await selectAuditNames(ctx.pool, mentionsOf(page), { userId: ctx.actor.userId, at: ctx.clock() })
  if (rows.length > pageSize) return { rows: page, next: page.at(-1)?.seq ?? null, searchedSince: null, names }
  return { rows: page, next: searchedTo, searchedSince, names }
}
