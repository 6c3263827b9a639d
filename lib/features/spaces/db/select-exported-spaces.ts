import type { ExportedSpace } from '#lib/features/spaces/model/space-csv.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { effective, existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { foundStatusSql } from '#lib/kernel/db/spaces/health-sql.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'

type Row = Omit<ExportedSpace, 'owner' | 'usage'> & { ownerHandle: string; ownerName: string; usage: unknown }

/** @returns the undeleted spaces with these ids, in the order of the ids */
export async function selectExportedSpaces(pool: Pool, ids: readonly string[], at: Date): Promise<ExportedSpace[]> {
  const found = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT s.name, c.name AS cluster, s.namespace, s.description, s.size::text AS size, (${foundStatusSql})::text AS status,
      s.created_at AS "createdAt", s.ends_at AS "endsAt", s.declared_namespace AS "declaredNamespace", o.handle AS "ownerHandle", o.name AS "ownerName",
      (SELECT count(*) FROM space_grant g WHERE g.space_id = s.id AND ${effective(at)})::int AS roles,
      (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage
    FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY AS wanted (id, place)
      JOIN space s ON s.id = wanted.id AND ${existing}
      JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
    ORDER BY wanted.place`,
  )
  return found.map(({ ownerHandle, ownerName, usage, ...row }) => ({
    ...row,
    owner: { handle: ownerHandle, name: ownerName },
    usage: parseUsage(usage ?? []),
  }))
}
