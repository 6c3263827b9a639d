import type { Db } from '#lib/kernel/db/client.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import { existing } from './effective-sql.ts'

type Found = { spaceId: string; namespace: string; usage: readonly QuotaUsage[] }

/**
 * Writes the usage of a cluster's spaces in one statement; unchanged rows are not written. What was read of a space that
 * is gone, or isn't in that namespace, is nobody's: not of one that has its name now.
 */
export async function saveUsage(db: Db, cluster: string, found: readonly Found[], at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO space_usage (space_id, usage, observed_at)
    SELECT s.id, r.usage, ${at}
    FROM jsonb_to_recordset(${JSON.stringify(found)}::jsonb) AS r("spaceId" uuid, namespace text, usage jsonb)
    JOIN cluster c ON c.name = ${cluster}
    JOIN space s ON s.id = r."spaceId" AND s.cluster_id = c.id AND s.namespace = r.namespace AND ${existing}
    ON CONFLICT (space_id) DO UPDATE SET usage = EXCLUDED.usage, observed_at = EXCLUDED.observed_at
      WHERE space_usage.usage <> EXCLUDED.usage`
}
