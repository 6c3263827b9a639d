import { Prisma } from '#lib/kernel/db/client.ts'
import { groupMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { Role, Standing } from '#lib/kernel/model/access/role.ts'
import { parseSteps } from '#lib/kernel/model/spaces/parse-steps.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import { type ShownHealth, shownHealthOf } from '#lib/kernel/model/spaces/space-health.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import type { SpaceStatus, Step } from '#lib/kernel/model/spaces/space-status.ts'
import type { LaterRole } from '#lib/kernel/model/spaces/space-view.ts'
import { effective, effectiveFor, existing, notOver } from './effective-sql.ts'
import { healthOutdatedSql, healthSql, waitsForClusterSql } from './health-sql.ts'

/** A space that isn't deleted, with the viewer's standing in it (null: none). */
export type SpaceRecord = {
  id: string
  name: string
  cluster: string
  clusterId: string
  namespace: string
  namespaceUid: string | null
  description: string
  size: Size
  status: SpaceStatus
  ownerId: string
  owner: { handle: string; name: string; email: string }
  endsAt: Date | null
  createdAt: Date
  reconciledAt: Date | null
  generation: number
  observedGeneration: number
  requestId: string | null
  steps: Step[]
  failureCode: string | null
  failureMessage: string | null
  /** Last observed quota usage; empty before the first observation. */
  usage: QuotaUsage[]
  /** Whether the worker found no fault in the cluster's admission policies. */
  fencesHold: boolean
  health: ShownHealth
  waitsForCluster: boolean
  standing: Standing | null
  /** Until when the request behind the space was approved; null: no end, or it needed no approval. */
  approvedUntil: Date | null
  /** Null: never, or no standing. */
  standingEndsAt: Date | null
  later: LaterRole | null
  /** The namespace of the object that declares it; null: none. */
  declaredNamespace: string | null
  /** Whether that object lists the members. */
  declaredMembers: boolean
}

type Row = Omit<SpaceRecord, 'owner' | 'steps' | 'usage' | 'later' | 'health'> & {
  health: unknown
  healthOutdated: boolean
  later: LaterRoleJson | null
  steps: unknown
  usage: unknown
  ownerHandle: string
  ownerName: string
  ownerEmail: string
}

export type LaterRoleJson = { role: Role; startsAt: string }

export const toLaterRole = (later: LaterRoleJson | null): LaterRole | null =>
  later && { role: later.role, startsAt: new Date(later.startsAt) }

/** The standing of `userId` in space `s`, as SQL: owner, or the highest effective grant to them or their groups. */
export const standingSql = (userId: string, at: Date) => Prisma.sql`
  CASE WHEN s.owner_id = ${userId}::uuid THEN 'owner' ELSE (
    SELECT max(g.role)::text FROM space_grant g
    WHERE g.space_id = s.id AND ${effectiveFor(userId, at)}
      AND (g.user_id = ${userId}::uuid
        OR (g."group", g.group_issuer) IN (SELECT m."group", m.group_issuer FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid))
  ) END`

/** A direct or group grant of `userId` in space `s`, as a condition on `g`. */
const reaches = (userId: string) => Prisma.sql`g.space_id = s.id AND ${userId}::uuid <> ALL (g.withheld_from)
      AND (g.user_id = ${userId}::uuid
        OR (g."group", g.group_issuer) IN (SELECT m."group", m.group_issuer FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid))`

/**
 * When the standing of `userId` in space `s` ends (an owner's never does), and the next higher role that starts, as
 * columns.
 */
export const standingSpanSql = (userId: string, at: Date) => Prisma.sql`
  CASE WHEN s.owner_id <> ${userId}::uuid THEN (
    SELECT g.ends_at FROM space_grant g WHERE ${effective(at)} AND ${reaches(userId)}
    ORDER BY g.role DESC, g.ends_at DESC NULLS FIRST LIMIT 1) END AS "standingEndsAt",
  CASE WHEN s.owner_id <> ${userId}::uuid THEN (
    SELECT json_build_object('role', g.role, 'startsAt', g.starts_at) FROM space_grant g
    WHERE ${notOver(at)} AND g.starts_at > ${at} AND ${reaches(userId)} ORDER BY g.starts_at LIMIT 1) END AS later`

async function findOne(reader: Reader, where: Prisma.Sql, userId: string, at: Date): Promise<SpaceRecord | null> {
  const [row] = await runSql<Row>(
    reader,
    Prisma.sql`/* kept plan: find-space */
    SELECT s.id, s.name, c.name AS cluster, s.cluster_id AS "clusterId", s.namespace, s.namespace_uid AS "namespaceUid", s.description,
      s.size::text AS size, s.status::text AS status, s.owner_id AS "ownerId", s.ends_at AS "endsAt", s.created_at AS "createdAt",
      s.reconciled_at AS "reconciledAt", s.generation, s.observed_generation AS "observedGeneration", s.request_id AS "requestId",
      s.declared_namespace AS "declaredNamespace", s.declared_members AS "declaredMembers",
      (SELECT (r.payload->>'endsAt')::timestamptz FROM request r WHERE r.id = s.request_id) AS "approvedUntil",
      s.steps, s.failure_code AS "failureCode", s.failure_message AS "failureMessage",
      c.fence_faults = '[]'::jsonb AS "fencesHold",
      o.handle AS "ownerHandle", o.name AS "ownerName", o.email AS "ownerEmail",
      (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage, ${standingSql(userId, at)} AS standing,
      ${standingSpanSql(userId, at)}, ${healthSql} AS health, ${healthOutdatedSql(at)} AS "healthOutdated",
      ${waitsForClusterSql} AS "waitsForCluster"
    FROM space s JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
    WHERE ${existing} AND ${where}
    LIMIT 1`,
  )
  if (!row) return null
  const { ownerHandle, ownerName, ownerEmail, steps, usage, later, health, healthOutdated, ...rest } = row
  const owner = { handle: ownerHandle, name: ownerName, email: ownerEmail }
  return {
    ...rest,
    health: shownHealthOf({ ...rest, health, healthOutdated }),
    later: toLaterRole(later),
    steps: parseSteps(steps),
    usage: parseUsage(usage ?? []),
    owner,
  }
}

export const findSpaceByName = (reader: Reader, key: { cluster: string; name: string }, userId: string, at: Date) =>
  findOne(reader, Prisma.sql`c.name = ${key.cluster} AND s.name = ${key.name}`, userId, at)

export const findSpaceById = (reader: Reader, id: string, userId: string, at: Date) =>
  findOne(reader, Prisma.sql`s.id = ${id}::uuid`, userId, at)
