import type { OfferState } from '#lib/features/offers/model/offer-view.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { deleteMemberships } from '#lib/kernel/db/people/group-members.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

export type DepartingUserCounts = {
  ownRoles: number
  groupRoles: number
  requests: number
  offersFrom: number
  offersTo: number
}

/** @returns the numbers of a person's roles, open requests and open offers */
export async function countDepartingUser(pool: Pool, userId: string, at: Date): Promise<DepartingUserCounts> {
  const inSpaces = Prisma.sql`JOIN space s ON s.id = g.space_id WHERE ${existing} AND ${notOver(at)}`
  const [row] = await runSql<DepartingUserCounts>(
    pool,
    Prisma.sql`
    SELECT (SELECT count(*) FROM space_grant g ${inSpaces} AND g.user_id = ${userId}::uuid)::int AS "ownRoles",
      (SELECT count(*) FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer) ${inSpaces}
        AND m.user_id = ${userId}::uuid AND ${userId}::uuid <> ALL (g.withheld_from))::int AS "groupRoles",
      (SELECT count(*) FROM request r WHERE r.requester_id = ${userId}::uuid AND r.state = 'open' AND r.expires_at > ${at})::int AS requests,
      (SELECT count(*) FROM space_offer f WHERE f.state = 'open' AND f.expires_at > ${at} AND f.from_id = ${userId}::uuid)::int AS "offersFrom",
      (SELECT count(*) FROM space_offer f WHERE f.state = 'open' AND f.expires_at > ${at} AND f.to_id = ${userId}::uuid)::int AS "offersTo"`,
  )
  return row ?? { ownRoles: 0, groupRoles: 0, requests: 0, offersFrom: 0, offersTo: 0 }
}

/**
 * Deletes what the identity provider reported about a person, their groups and platform role, until their next sign-in.
 */
export async function forgetClaims(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM user_group WHERE user_id = ${userId}::uuid`
  await deleteMemberships(tx, userId)
  await tx.$executeRaw`UPDATE user_account SET platform_role = 'member', named_role = 'member' WHERE id = ${userId}::uuid AND (platform_role <> 'member' OR named_role <> 'member')`
}

type Act = { at: Date; byId: string }
type Space = { id: string; name: string; namespace: string; cluster: string }

export type LeftGrant = { space: Space; role: Role }

/**
 * Ends every grant to a person, including future ones.
 * @returns the grants in spaces that still exist
 */
export async function endGrantsOfPerson(tx: Tx, userId: string, { at, byId }: Act): Promise<LeftGrant[]> {
  return tx.$queryRaw<LeftGrant[]>`
    WITH gone AS (
      UPDATE space_grant SET removed_at = ${at}, removed_by_id = ${byId}::uuid
      WHERE user_id = ${userId}::uuid AND removed_at IS NULL RETURNING space_id, role)
    SELECT gone.role::text AS role, json_build_object('id', s.id, 'name', s.name, 'namespace', s.namespace, 'cluster', c.name) AS space
    FROM gone JOIN space s ON s.id = gone.space_id JOIN cluster c ON c.id = s.cluster_id WHERE ${existing} ORDER BY s.name, s.id`
}

export type LeftRequest = { id: string; spaceId: string | null }

/**
 * Closes a person's undecided requests.
 * @param act.why the reason that the requests' pages show
 */
export async function closeRequestsOfPerson(
  tx: Tx,
  userId: string,
  { at, byId, why }: Act & { why: string },
): Promise<LeftRequest[]> {
  return tx.$queryRaw<LeftRequest[]>`
    UPDATE request SET state = 'withdrawn', decided_at = ${at}, decider_id = ${byId}::uuid, decision_reason = ${why}
    WHERE requester_id = ${userId}::uuid AND state = 'open' AND expires_at > ${at} RETURNING id, space_id AS "spaceId"`
}

export type LeftOffer = {
  id: string
  to: { handle: string; name: string }
  toId: string
  ownerId: string
  space: Space
}

const withdrawn: OfferState = 'withdrawn'

/**
 * Withdraws the open offers from, to and by a person.
 * @returns the offers
 */
export async function withdrawOffersOfPerson(tx: Tx, userId: string, at: Date): Promise<LeftOffer[]> {
  return tx.$queryRaw<LeftOffer[]>`
    UPDATE space_offer o SET state = ${withdrawn}::offer_state, closed_at = ${at}
    FROM space s, cluster c, user_account u
    WHERE ${userId}::uuid IN (o.from_id, o.to_id, o.by_id) AND o.state = 'open' AND s.id = o.space_id AND c.id = s.cluster_id AND u.id = o.to_id
    RETURNING o.id, json_build_object('handle', u.handle, 'name', u.name) AS "to", o.to_id AS "toId", s.owner_id AS "ownerId",
      json_build_object('id', s.id, 'name', s.name, 'namespace', s.namespace, 'cluster', c.name) AS space`
}
