import { z } from 'zod'
import { type ClusterOverview, maxOwners, type SpacesOverview } from '#lib/features/overview/model/overview.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { openAlarmSql } from '#lib/kernel/db/people/break-glass-alarm-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { endsSoonSql, existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { foundStatusSql } from '#lib/kernel/db/spaces/health-sql.ts'
import type { BreakGlassUse } from '#lib/kernel/model/people/break-glass-account.ts'
import { sampledResources, sampledSlot } from '#lib/kernel/model/spaces/usage-sample.ts'

export type ClusterCounted = Omit<ClusterOverview, 'fences'>

type Row = SpacesOverview & { clusters: unknown; breakGlassUse: BreakGlassUse | null }

const share = z.object({ used: z.number(), hard: z.number() })
const clustersSchema = z.array(
  z.object({
    name: z.string(),
    faults: z.number(),
    rights: z.number(),
    provedAt: z.coerce.date().nullable(),
    spaces: z.number(),
    usage: z.object({ cpu: share, memory: share, pods: share }).nullable(),
  }),
)

/** The totals of one resource over the samples `t`. */
function shareSql(resource: (typeof sampledResources)[number]): Prisma.Sql {
  const at = Prisma.raw(String(sampledResources.indexOf(resource) + 1))
  return Prisma.sql`json_build_object('used', coalesce(sum(t.used[${at}]), 0), 'hard', coalesce(sum(t.hard[${at}]), 0))`
}

/**
 * @param clusters the names of the clusters to report
 * @returns counts of spaces by kind and cluster, their last sampled usage, and the break-glass alarm
 */
export async function countAllSpaces(
  pool: Pool,
  clusters: readonly string[],
  at: Date,
): Promise<{ spaces: SpacesOverview; clusters: ClusterCounted[]; breakGlassUse: BreakGlassUse | null }> {
  const [row] = await runSql<Row>(
    pool,
    Prisma.sql`
    WITH there AS MATERIALIZED (SELECT s.id, s.status, ${foundStatusSql} AS found_status, s.size, s.owner_id, s.cluster_id, s.ends_at FROM space s WHERE ${existing}),
      sampled AS (SELECT s.cluster_id, json_build_object('cpu', ${shareSql('requests.cpu')},
          'memory', ${shareSql('requests.memory')}, 'pods', ${shareSql('pods')}) AS usage
        FROM usage_sample t JOIN there s ON s.id = t.space_id WHERE t.at = ${sampledSlot(at)} GROUP BY s.cluster_id)
    SELECT (SELECT count(*)::int FROM there) AS total,
      (SELECT coalesce(json_object_agg(x.status, x.n), '{}') FROM (SELECT s.found_status AS status, count(*) AS n FROM there s GROUP BY 1) x) AS "byStatus",
      (SELECT coalesce(json_object_agg(x.size, x.n), '{}') FROM (SELECT s.size, count(*) AS n FROM there s GROUP BY 1) x) AS "bySize",
      (SELECT count(*)::int FROM there s WHERE ${endsSoonSql(at)}) AS "endingSoon",
      (SELECT coalesce(json_agg(json_build_object('handle', o.handle, 'name', o.name, 'spaces', x.n) ORDER BY x.n DESC, o.name, o.id), '[]')
        FROM (SELECT s.owner_id, count(*) AS n FROM there s GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${maxOwners}) x
          JOIN user_account o ON o.id = x.owner_id) AS owners,
      (SELECT coalesce(json_agg(json_build_object('name', c.name, 'faults', jsonb_array_length(c.fence_faults), 'rights', jsonb_array_length(c.rights_findings),
          'provedAt', c.fences_proved_at, 'spaces', (SELECT count(*) FROM there s WHERE s.cluster_id = c.id),
          'usage', (SELECT t.usage FROM sampled t WHERE t.cluster_id = c.id)) ORDER BY c.name), '[]')
        FROM cluster c WHERE c.name = ANY (${[...clusters]}::text[])) AS clusters,
      ${openAlarmSql} AS "breakGlassUse"`,
  )
  if (!row) throw new Error('a SELECT without FROM has one row')
  const { clusters: found, breakGlassUse, ...spaces } = row
  return { spaces, clusters: clustersSchema.parse(found), breakGlassUse }
}
