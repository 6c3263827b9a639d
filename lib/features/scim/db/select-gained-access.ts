import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql, pushedMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Group } from '#lib/kernel/db/people/group-members.ts'
import { living, notOver, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'

type Space = { id: string; name: string; cluster: string; ownerId: string }
type Person = { name: string; handle: string }

/** A space in which a group has a role, the number of people who gain access through it, and the first of them. */
export type GainedAccess = Space & { count: number; people: Person[] }

/** Above this many pairs of person and space, existing access is not checked. */
const maxCompared = 10_000
const maxNamed = 5

/** @returns the active spaces in which a group has a role, now or later */
export const selectSpacesOfGroup = (tx: Tx, { group, issuer }: Group, at: Date): Promise<Space[]> =>
  tx.$queryRaw<Space[]>`
    SELECT DISTINCT s.id, s.name, c.name AS cluster, s.owner_id AS "ownerId"
    FROM space_grant g JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id
    WHERE g."group" = ${group} AND g.group_issuer = ${issuer} AND ${notOver(at)} AND ${living}`

/** @returns the ids of all known members of a group */
export async function selectMembers(tx: Tx, { group, issuer }: Group): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT m.user_id AS id FROM ${knownMemberSql} m WHERE m."group" = ${group} AND m.group_issuer = ${issuer}`
  return rows.map(({ id }) => id)
}

/**
 * Finds who gains access in each space through a change of a pushed group. Deactivated people count too: a token could
 * reactivate them later without notifying the owner.
 * @param joined new members; null: all members
 * @param before ids of the members before the change
 * @returns a row for each space, including those where no one gains access. Beyond `maxCompared`, people who already
 *   had access count as well
 */
export async function selectGainedAccess(
  tx: Tx,
  { group, issuer }: Group,
  { joined, before, at }: { joined: readonly string[] | null; before: readonly string[]; at: Date },
): Promise<GainedAccess[]> {
  const spaces = await selectSpacesOfGroup(tx, { group, issuer }, at)
  if (spaces.length === 0) return []
  const whoSql = Prisma.sql`
    SELECT m.user_id, a.name, a.handle FROM ${pushedMemberSql} m JOIN user_account a ON a.id = m.user_id
    WHERE m."group" = ${group} AND m.group_issuer = ${issuer}
      AND m.user_id NOT IN (SELECT unnest(${[...before]}::uuid[]))
      AND ${joined === null ? Prisma.sql`TRUE` : Prisma.sql`m.user_id = ANY (${[...joined]}::uuid[])`}`
  const [all] = await tx.$queryRaw<{ count: number; people: Person[] }[]>`
    WITH who AS MATERIALIZED (${whoSql})
    SELECT (SELECT count(*)::int FROM who) AS count, ARRAY(
      SELECT json_build_object('name', w.name, 'handle', w.handle) FROM who w ORDER BY w.handle LIMIT ${maxNamed}) AS people`
  const { count, people } = all ?? { count: 0, people: [] }
  if (count === 0 || count * spaces.length > maxCompared) return spaces.map((space) => ({ ...space, count, people }))
  const rows = await tx.$queryRaw<{ spaceId: string; count: number; people: Person[] }[]>`
    WITH who AS MATERIALIZED (${whoSql}),
    granted AS MATERIALIZED (
      SELECT g.id, g.space_id, g.withheld_from, s.owner_id FROM space_grant g JOIN space s ON s.id = g.space_id
      WHERE g."group" = ${group} AND g.group_issuer = ${issuer} AND ${notOver(at)} AND ${living}),
    pair AS (
      SELECT DISTINCT r.space_id, w.handle, w.name FROM granted r CROSS JOIN who w
      WHERE w.user_id <> r.owner_id AND w.user_id <> ALL (r.withheld_from)
        AND NOT EXISTS (
          SELECT FROM space_grant g WHERE g.space_id = r.space_id AND g.user_id = w.user_id
            AND ${notOver(at)} AND ${notWithheld('g.user_id')})
        AND NOT EXISTS (
          SELECT FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer)
          WHERE m.user_id = w.user_id AND g.space_id = r.space_id AND ("group", group_issuer) <> (${group}, ${issuer})
            AND ${notOver(at)} AND ${notWithheld('m.user_id')}))
    SELECT p.space_id AS "spaceId", count(*)::int AS count,
      (array_agg(json_build_object('name', p.name, 'handle', p.handle) ORDER BY p.handle))[1:${Prisma.raw(`${maxNamed}`)}] AS people
    FROM pair p GROUP BY p.space_id`
  const gained = new Map(rows.map((row) => [row.spaceId, row]))
  return spaces.map((space) => {
    const { count = 0, people = [] } = gained.get(space.id) ?? {}
    return { ...space, count, people }
  })
}
