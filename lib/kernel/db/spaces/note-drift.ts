import type { Db } from '#lib/kernel/db/client.ts'
import { maxRepairs } from '#lib/kernel/model/spaces/drift.ts'

export async function noteDriftCheck(db: Db, cluster: string, at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading (cluster_id, drift_checked_at) SELECT id, ${at} FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET drift_checked_at = EXCLUDED.drift_checked_at`
}

/** Records a repair. A cluster keeps the last `maxRepairs`. */
export async function noteRepair(db: Db, cluster: string, at: Date): Promise<void> {
  await db.$executeRaw`
    INSERT INTO cluster_reading AS r (cluster_id, repaired_at) SELECT id, ARRAY[${at}]::timestamptz[] FROM cluster WHERE name = ${cluster}
    ON CONFLICT (cluster_id) DO UPDATE SET
      repaired_at = (r.repaired_at || EXCLUDED.repaired_at)[greatest(1, cardinality(r.repaired_at) - ${maxRepairs - 2}::int):]`
}
