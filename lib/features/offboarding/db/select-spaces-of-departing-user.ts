import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { living, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** A space about which somebody decides because its owner leaves. */
export type SpaceOfLeaver = {
  id: string
  name: string
  namespace: string
  cluster: string
  endsAt: Date | null
  /** How many people and groups have a role in it. */
  members: number
  /** As last observed. */
  usage: QuotaUsage[]
}

type Row = Omit<SpaceOfLeaver, 'usage'> & { usage: unknown }

/** @returns the spaces that a person owns and that are not being deleted, by name; at most `limit` */
export async function selectSpacesOfLeaver(
  reader: Reader,
  userId: string,
  at: Date,
  limit: number,
): Promise<SpaceOfLeaver[]> {
  const rows = await runSql<Row>(
    reader,
    Prisma.sql`
    SELECT s.id, s.name, s.namespace, c.name AS cluster, s.ends_at AS "endsAt",
      (SELECT count(*) FROM space_grant g WHERE g.space_id = s.id AND ${notOver(at)})::int AS members,
      (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage
    FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.owner_id = ${userId}::uuid AND ${living}
    ORDER BY s.name, s.id LIMIT ${limit}`,
  )
  return rows.map(({ usage, ...row }) => ({ ...row, usage: parseUsage(usage ?? []) }))
}
