import type { ClusterIntake } from '#lib/features/audit/model/audit-view.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns when each cluster last sent audit events, by name */
export const selectAuditIntakes = (pool: Pool, clusters: readonly string[]): Promise<ClusterIntake[]> =>
  runSql<ClusterIntake>(
    pool,
    Prisma.sql`
    SELECT c.name AS cluster, i.received_at AS "receivedAt", i.event_at AS "eventAt"
    FROM cluster c LEFT JOIN cluster_audit_intake i ON i.cluster_id = c.id
    WHERE c.name = ANY(${[...clusters]}::text[]) ORDER BY c.name`,
  )
