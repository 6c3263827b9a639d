import { z } from 'zod'
import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { viewInSpace } from '#lib/broker/define/view-space.ts'
import { spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { type AuditQuery, selectAuditRows } from '#lib/db/select-audit-rows.ts'
import { auditCursor, auditFilter } from '#lib/domain/audit-filter.ts'
import type { AuditPage } from '#lib/domain/audit-view.ts'

export const listAuditInput = auditFilter.extend({ before: auditCursor.optional() })

const pageSize = 50

/** @returns a page of the whole trail, newest first, for auditors and platform admins */
export const listAudit = viewPlatform({
  permission: 'list-audit',
  input: listAuditInput,
  read: ({ ctx, input }) => pageOf(ctx, input),
})

/** @returns a page of one space's trail, newest first, for its members */
export const listSpaceActivity = viewInSpace({
  permission: 'read-space-activity',
  input: z.strictObject({ space: spaceKey, before: auditCursor.optional() }),
  read: ({ ctx, space, input: { before } }) => pageOf(ctx, { spaceId: space.id, before }),
})

async function pageOf(ctx: BrokerContext, query: AuditQuery): Promise<AuditPage> {
  const rows = await selectAuditRows(ctx.pool, query, pageSize + 1)
  const page = rows.slice(0, pageSize)
  return { rows: page, next: rows.length > pageSize ? (page.at(-1)?.seq ?? null) : null }
}
