import type { Pool } from '#lib/kernel/db/pool.ts'

/** Records that a cluster’s audit arrived. @param eventAt when its latest request was; null: it reported none */
export async function noteAuditIntake(
  pool: Pool,
  { clusterId, at, eventAt }: { clusterId: string; at: Date; eventAt: Date | null },
): Promise<void> {
  await pool.query({
    name: 'note-audit-intake',
    text: `INSERT INTO cluster_audit_intake AS i (cluster_id, received_at, event_at) VALUES ($1, $2, $3)
           ON CONFLICT (cluster_id) DO UPDATE SET received_at = greatest(i.received_at, EXCLUDED.received_at),
             event_at = greatest(i.event_at, EXCLUDED.event_at)`,
    values: [clusterId, at, eventAt],
  })
}
