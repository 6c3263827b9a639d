import { parseUsage } from '#lib/domain/parse-usage.ts'
import type { QuotaUsage } from '#lib/domain/space-inside.ts'
import type { Db } from './client.ts'

/** @returns what a space uses of its quota, as last observed; empty before the first observation */
export async function readUsage(db: Db, spaceId: string): Promise<QuotaUsage[]> {
  const row = await db.spaceUsage.findUnique({ where: { spaceId } })
  return parseUsage(row?.usage ?? [])
}
