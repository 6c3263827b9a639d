/** SQL about the health of spaces `s`. Only members may learn it, as with everything else inside a space. */

import { Prisma } from '#lib/kernel/db/client.ts'
import { clusterAway } from '#lib/kernel/model/retry-delay.ts'
import type { HealthFilter } from '#lib/kernel/model/spaces/space-health.ts'
import type { FindableStatus } from '#lib/kernel/model/spaces/space-status.ts'
import { endsSoonSql } from './effective-sql.ts'
import { reachableSql } from './reachable-sql.ts'

type Viewer = { userId: string; all: boolean; at: Date }

/** For how long a cluster’s last reading counts, in ms. It is repeated every 15 seconds. */
const freshMs = 60_000
const freshFrom = (at: Date) => new Date(at.getTime() - freshMs)

/** JSON of a StoredHealth, for `shownHealthOf`, which keeps it from people who aren’t members. Null: none known. */
export const healthSql = Prisma.sql`CASE WHEN s.status = 'ready' THEN (
  SELECT json_build_object('state', h.state, 'workloads', h.workloads, 'problem', h.problem) FROM space_health h WHERE h.space_id = s.id) END`

/** The state of a ready space, as known now; null: none known. */
const stateSql = (at: Date) => Prisma.sql`CASE WHEN s.status = 'ready' THEN (
  SELECT h.state FROM space_health h JOIN cluster_reading r ON r.cluster_id = s.cluster_id
  WHERE h.space_id = s.id AND h.state <> 'unknown' AND r.health_read_at >= ${freshFrom(at)}) END`

/** Whether the viewer is a member, as a condition to append; viewers who don’t see all spaces are. */
const ifMember = ({ userId, all, at }: Viewer) =>
  all ? Prisma.sql`AND s.id = ANY (${reachableSql(userId, at)})` : Prisma.empty

/** Whether the last change of a space failed because its cluster is unreachable or busy. */
export const waitsForClusterSql = Prisma.sql`coalesce(s.failure_code IN (${Prisma.join([...clusterAway])}), false)`

/** Whether the creation of a space waits for its cluster. A space that was in use before has failed. */
const isStillCreatedSql = Prisma.sql`(s.status = 'failed' AND s.first_ready_at IS NULL AND ${waitsForClusterSql})`

const failedSql = Prisma.sql`(s.status = 'failed' AND NOT ${isStillCreatedSql})`

/** The status by which spaces are filtered, counted and exported. */
export const foundStatusSql = Prisma.sql`CASE WHEN ${isStillCreatedSql} THEN 'creating' ELSE s.status END`

/** Whether a space is found by a status. */
export function inStatusSql(status: FindableStatus): Prisma.Sql {
  if (status === 'failed') return failedSql
  const is = Prisma.sql`s.status = ${status}::space_status`
  return status === 'creating' ? Prisma.sql`(${is} OR ${isStillCreatedSql})` : is
}

/** Smaller is more urgent; null: the space doesn’t need the viewer’s attention, and doesn’t end soon. */
export const urgencySql = (viewer: Viewer): Prisma.Sql =>
  Prisma.sql`CASE WHEN ${failedSql} THEN 0 ELSE coalesce(
    CASE WHEN TRUE ${ifMember(viewer)} THEN array_position(ARRAY['failing', 'quota', 'starting'], ${stateSql(viewer.at)}) END,
    CASE WHEN ${endsSoonSql(viewer.at)} THEN 4 END) END`

/** Whether a space matches a filter. Only the viewer’s own spaces need their attention. */
export const inHealthSql = (viewer: Viewer, filter: HealthFilter): Prisma.Sql =>
  filter === 'attention'
    ? Prisma.sql`(${failedSql} OR ${stateSql(viewer.at)} IS NOT NULL) ${ifMember(viewer)}`
    : Prisma.sql`(${stateSql(viewer.at)} = ${filter} ${ifMember(viewer)})`

/** Whether what is known of a member’s space on cluster `c` is outdated; false if Spaceport may not read it there. */
export const healthOutdatedSql = (at: Date): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM cluster_reading r WHERE r.cluster_id = c.id AND r.health_refused_at IS NULL
    AND r.health_read_at < ${freshFrom(at)})`
