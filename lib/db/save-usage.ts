import type { QuotaUsage } from '#lib/domain/space-inside.ts'
import type { Db } from './client.ts'
import { existing } from './effective-sql.ts'

/** Writes the usage of a cluster's spaces by namespace in one statement; unchanged rows are not written. */
export async function saveUsage(
  db: Db,
  cluster: string,
  usage: ReadonlyMap<string, readonly QuotaUsage[]>,
  at: Date,
): Promise<void> {
  const rows = [...usage].map(([namespace, quota]) => ({ namespace, usage: quota }))
  await db.$executeRaw`
    INSERT INTO space_usage (space_id, usage, observed_at)
    SELECT s.id, r.usage, ${at} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(namespace text, usage jsonb)
    JOIN cluster c ON c.name = ${cluster} JOIN space s ON s.cluster_id = c.id AND s.namespace = r.namespace AND ${existing}
    ON CONFLICT (space_id) DO UPDATE SET usage = EXCLUDED.usage, observed_at = EXCLUDED.observed_at
      WHERE space_usage.usage <> EXCLUDED.usage`
}
