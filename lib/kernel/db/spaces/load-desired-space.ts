import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { groupMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import { effectiveMembers, type Member, type MemberGrant } from '#lib/kernel/model/spaces/membership.ts'
import { parseSteps } from '#lib/kernel/model/spaces/parse-steps.ts'
import type { DesiredSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceStatus, Step } from '#lib/kernel/model/spaces/space-status.ts'
import { effective, notOver, notWithheld } from './effective-sql.ts'

export type LoadedSpace = {
  cluster: string
  status: SpaceStatus
  generation: number
  observedGeneration: number
  namespaceUid: string | null
  /** Whether it was ready before, so that the gateway already serves it. */
  wasReady: boolean
  steps: Step[]
  /** Faults that the worker found in the cluster's admission policies. */
  fenceFaults: number
  /** When the worker last verified that they are all in force. */
  fencesProvedAt: Date | null
  wanted: DesiredSpace
}

type SpaceSql = {
  id: string
  name: string
  namespace: string
  creation: string
  description: string
  size: Size
  endsAt: Date | null
  requestId: string | null
  cluster: string
  status: SpaceStatus
  generation: number
  observedGeneration: number
  namespaceUid: string | null
  wasReady: boolean
  steps: unknown
  fenceFaults: number
  fencesProvedAt: Date | null
  owner: Member
  ownerActive: boolean
  grants: { role: Role; startsAt: string; endsAt: string | null; member: Member }[] | null
  placed: ClusterGrantSql[] | null
}

type ClusterGrantSql = {
  id: string
  handle: string | null
  group: string
  issuer: string
  role: Role
  startsAt: string
  endsAt: string | null
  requestId: string | null
  withheldFrom: string[]
}

/** A column, never a value: it becomes part of the text. */
const memberSql = (person: 'o' | 'u') =>
  Prisma.raw(
    `json_build_object('userId', ${person}.id, 'handle', ${person}.handle, 'email', ${person}.email, 'name', ${person}.name, 
    'account', json_build_object('issuer', ${person}.issuer, 'subject', ${person}.subject, 'subjectClaim', ${person}.subject_claim))`,
  )

const keptPlan = Prisma.raw('/* kept plan: load-desired-space */')

/**
 * Loads a space's desired state at an instant in one statement, with groups expanded, and without deactivated people
 * and withheld grants.
 * @returns null when there is no such space
 */
export async function loadDesiredSpace(reader: Reader, spaceId: string, at: Date): Promise<LoadedSpace | null> {
  const [space] = await loadSpaces(reader, Prisma.sql`s.id = ${spaceId}::uuid`, at, keptPlan)
  return space ?? null
}

/**
 * Loads the spaces that `where` selects by `s` (space) and `c` (its cluster); it may end with an order and a limit.
 * OFFSET makes Postgres look up people last: a plan made for few people would expand groups once per person.
 * @returns spaces like those of loadDesiredSpace
 */
export async function loadSpaces(
  reader: Reader,
  where: Prisma.Sql,
  at: Date,
  plan = Prisma.empty,
): Promise<LoadedSpace[]> {
  const rows = await runSql<SpaceSql>(
    reader,
    Prisma.sql`${plan}
    SELECT s.id, s.name, s.namespace, s.creation, s.description, s.size::text AS size, s.ends_at AS "endsAt", s.request_id AS "requestId",
      c.name AS cluster, s.status::text AS status, s.generation, s.observed_generation AS "observedGeneration",
      s.namespace_uid AS "namespaceUid", s.first_ready_at IS NOT NULL AS "wasReady", s.steps,
      jsonb_array_length(c.fence_faults) AS "fenceFaults", c.fences_proved_at AS "fencesProvedAt",
      ${memberSql('o')} AS owner, o.deactivated_at IS NULL AS "ownerActive",
      (SELECT json_agg(json_build_object('role', g.role, 'startsAt', g.starts_at, 'endsAt', g.ends_at,
          'member', ${memberSql('u')}))
        FROM space_grant g
        JOIN LATERAL (
          SELECT g.user_id
          UNION ALL
          SELECT m.user_id FROM ${groupMemberSql} m WHERE m."group" = g."group" AND m.group_issuer = g.group_issuer
        ) who ON true
        JOIN LATERAL (SELECT * FROM user_account WHERE id = who.user_id OFFSET 0) u
          ON u.deactivated_at IS NULL AND ${notWithheld('u.id')}
        WHERE g.space_id = s.id AND ${effective(at)}) AS grants,
      (SELECT json_agg(json_build_object('id', g.id, 'handle', u.handle, 'group', g."group", 'issuer', g.group_issuer, 'role', g.role,
          'startsAt', g.starts_at, 'endsAt', g.ends_at, 'requestId', g.request_id,
          'withheldFrom', ARRAY (SELECT w.handle FROM user_account w WHERE w.id = ANY (g.withheld_from))) ORDER BY g.id)
        FROM space_grant g LEFT JOIN user_account u ON u.id = g.user_id
        WHERE g.space_id = s.id AND ${notOver(at)}) AS placed
    FROM space s JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
    WHERE ${where}`,
  )
  return rows.map((row) => toLoaded(row, at))
}

function toLoaded(row: SpaceSql, at: Date): LoadedSpace {
  const grants: MemberGrant[] = (row.grants ?? []).map((grant) => ({
    role: grant.role,
    startsAt: new Date(grant.startsAt),
    endsAt: grant.endsAt === null ? null : new Date(grant.endsAt),
    removedAt: null,
    member: grant.member,
  }))
  const members = effectiveMembers(row.owner, grants, at)
  if (!row.ownerActive) members.delete(row.owner.userId)
  const { id, name, namespace, creation, description, size, endsAt, requestId, owner, ...rest } = row
  return {
    cluster: rest.cluster,
    status: rest.status,
    generation: rest.generation,
    observedGeneration: rest.observedGeneration,
    namespaceUid: rest.namespaceUid,
    wasReady: rest.wasReady,
    steps: parseSteps(rest.steps),
    fenceFaults: rest.fenceFaults,
    fencesProvedAt: rest.fencesProvedAt,
    wanted: {
      id,
      name,
      namespace,
      creation,
      description,
      size,
      endsAt,
      requestId,
      owner,
      members: [...members.values()],
      grants: (row.placed ?? []).map(toClusterGrant),
    },
  }
}

const toClusterGrant = ({ handle, group, issuer, startsAt, endsAt, ...grant }: ClusterGrantSql): ClusterGrant => ({
  ...grant,
  to: handle === null ? { group, issuer } : { handle },
  startsAt: new Date(startsAt),
  endsAt: endsAt === null ? null : new Date(endsAt),
})

const pageSize = 500

/**
 * Loads the spaces of a cluster that should be ready, at most 500 at a time, in the API server's order of namespaces
 * (lib/kube/objects/walk-managed.ts).
 * @param after the namespace of the last space of the previous page; empty for the first page
 * @param at the instant at which grants must be effective
 */
export const loadReadySpaces = (db: Db, cluster: string, after: string, at: Date): Promise<LoadedSpace[]> =>
  loadSpaces(
    db,
    Prisma.sql`c.name = ${cluster} AND s.status = 'ready' AND (s.namespace || '/') COLLATE "C" > ${after && `${after}/`}
      ORDER BY (s.namespace || '/') COLLATE "C" LIMIT ${pageSize}`,
    at,
  )
