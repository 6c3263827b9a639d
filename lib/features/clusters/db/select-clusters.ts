import { z } from 'zod'
import { contactFailures } from '#lib/features/clusters/model/contact.ts'
import type { NodeSums } from '#lib/features/clusters/model/node-sums.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'
import { sampledResources, sampledSlot } from '#lib/kernel/model/spaces/usage-sample.ts'

const count = z.number()
const nodesSchema = z.object({
  cpu: count,
  memory: count,
  pods: count,
  nodes: count,
  notReady: count,
  cordoned: count,
  tainted: count,
  unbelievable: count,
  more: z.boolean(),
}) satisfies z.ZodType<NodeSums>

const rowSchema = z.object({
  name: z.string(),
  faults: z.array(z.object({ policy: z.string(), fault: z.string() })),
  provedAt: z.date().nullable(),
  rights: z.array(z.string()),
  triedAt: z.date().nullable(),
  answeredAt: z.date().nullable(),
  failingSince: z.date().nullable(),
  // A newer worker may write other reasons and totals.
  failure: z.enum(contactFailures).nullable().catch(null),
  version: z.string().nullable(),
  latencies: z.array(z.number()).nullable(),
  nodes: nodesSchema.nullable().catch(null),
  nodesReadAt: z.date().nullable(),
  nodesRefusedAt: z.date().nullable(),
  healthRefusedAt: z.date().nullable(),
  driftCheckedAt: z.date().nullable(),
  repairedAt: z.array(z.date()).nullable(),
  exempt: z.array(z.string()).nullable(),
  exemptCount: z.number().nullable(),
  byStatus: z.custom<Partial<Record<SpaceStatus, number>>>(),
  bySize: z.custom<Partial<Record<Size, number>>>(),
  sampled: z
    .object({ cpu: count, memory: count, pods: count, usedCpu: count.nullable(), usedMemory: count.nullable() })
    .nullable(),
})
export type ClusterRow = z.infer<typeof rowSchema>

/** Usage of one resource in the samples `t`; null: not measured. */
const usedSql = (resource: (typeof sampledResources)[number]) =>
  Prisma.sql`sum(t.used[${Prisma.raw(String(sampledResources.indexOf(resource) + 1))}])`

/**
 * @param configured clusters by name
 * @returns these, and other clusters that still have spaces, with their last known state
 */
export async function selectClusters(pool: Pool, configured: readonly string[], at: Date): Promise<ClusterRow[]> {
  const rows = await runSql<object>(
    pool,
    Prisma.sql`
    WITH there AS MATERIALIZED (SELECT s.id, s.status, s.size, s.cluster_id FROM space s WHERE ${existing}),
      sampled AS (SELECT s.cluster_id, json_build_object('cpu', coalesce(${usedSql('requests.cpu')}, 0),
          'memory', coalesce(${usedSql('requests.memory')}, 0), 'pods', coalesce(${usedSql('pods')}, 0),
          'usedCpu', ${usedSql('use.cpu')}, 'usedMemory', ${usedSql('use.memory')}) AS sums
        FROM usage_sample t JOIN there s ON s.id = t.space_id WHERE t.at = ${sampledSlot(at)} GROUP BY s.cluster_id)
    SELECT c.name, c.fence_faults AS faults, c.fences_proved_at AS "provedAt", c.rights_findings AS rights,
      r.tried_at AS "triedAt", r.answered_at AS "answeredAt", r.failing_since AS "failingSince", r.failure, r.version, r.latencies,
      r.nodes, r.nodes_read_at AS "nodesReadAt", r.nodes_refused_at AS "nodesRefusedAt", r.health_refused_at AS "healthRefusedAt",
      r.drift_checked_at AS "driftCheckedAt", r.repaired_at AS "repairedAt", r.exempt, r.exempt_count AS "exemptCount",
      (SELECT coalesce(json_object_agg(x.status, x.n), '{}')
        FROM (SELECT s.status, count(*) AS n FROM there s WHERE s.cluster_id = c.id GROUP BY 1) x) AS "byStatus",
      (SELECT coalesce(json_object_agg(x.size, x.n), '{}')
        FROM (SELECT s.size, count(*) AS n FROM there s WHERE s.cluster_id = c.id GROUP BY 1) x) AS "bySize",
      (SELECT x.sums FROM sampled x WHERE x.cluster_id = c.id) AS sampled
    FROM cluster c LEFT JOIN cluster_reading r ON r.cluster_id = c.id
    WHERE c.name = ANY (${[...configured]}::text[]) OR EXISTS (SELECT FROM there s WHERE s.cluster_id = c.id)
    ORDER BY c.name`,
  )
  return z.array(rowSchema).parse(rows)
}
