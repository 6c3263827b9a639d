import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Records that a cluster’s audit arrived.
 * @param eventAt the time of its latest request; null: it had none
 */
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

/**
 * Adds a cluster’s audit events to the trail, all or nothing; durable once it resolves. Skips existing rows.
 * @param rows the trail’s columns, with additional fields for take_cluster_audit (prisma/migrations)
 * @returns how many were added, and how many of these used the gateway’s identity outside the gateway
 */
export async function takeClusterAudit(
  pool: Pool,
  clusterId: string,
  rows: readonly Readonly<Record<string, string | null>>[],
): Promise<{ taken: number; unmatched: number }> {
  const { rows: answers } = await pool.query<{ taken: number; unmatched: number }>({
    name: 'take-cluster-audit',
    text: 'SELECT taken, unmatched FROM take_cluster_audit($1, $2::jsonb)',
    values: [clusterId, JSON.stringify(rows)],
  })
  return answers[0] ?? { taken: 0, unmatched: 0 }
}
