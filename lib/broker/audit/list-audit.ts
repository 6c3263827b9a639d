import { z } from 'zod'
import { authorizePlatform, authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { type AuditFilter, listAudit as listInDb } from '#lib/db/list-audit.ts'
import type { AuditPage } from '#lib/domain/audit-view.ts'
import { earliest, latest } from '#lib/domain/calendar.ts'

const seq = z.string().regex(/^\d{1,18}$/)

const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\0]*$/)
    .optional()

export const listAuditInput = z.strictObject({
  person: text(100),
  space: text(100),
  action: text(60),
  from: z.date().min(earliest).max(latest).optional(),
  until: z.date().min(earliest).max(latest).optional(),
  outcome: z.enum(['ok', 'refused', 'failed', 'unknown']).optional(),
  text: text(100),
  before: seq.optional(),
})

const pageSize = 50

/** @returns a page of the whole trail, newest first, for auditors and platform admins */
export async function listAudit(ctx: BrokerContext, query: z.infer<typeof listAuditInput>): Promise<AuditPage> {
  authorizePlatform(ctx, 'list-audit')
  return pageOf(ctx, query)
}

/** @returns a page of one space's trail, newest first, for those who are in it */
export async function listSpaceActivity(
  ctx: BrokerContext,
  key: SpaceKey,
  { before }: { before?: string | undefined } = {},
): Promise<AuditPage> {
  const space = await authorizeSpace(ctx, 'read-space-activity', key)
  return pageOf(ctx, { spaceId: space.id, before: before && seq.parse(before) })
}

async function pageOf(ctx: BrokerContext, filter: AuditFilter): Promise<AuditPage> {
  const rows = await listInDb(ctx.db, filter, pageSize + 1)
  const page = rows.slice(0, pageSize)
  return { rows: page, next: rows.length > pageSize ? (page.at(-1)?.seq ?? null) : null }
}
