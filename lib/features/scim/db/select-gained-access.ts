import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql, pushedMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Group } from '#lib/kernel/db/people/group-members.ts'
import { living, notOver, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'

type Space = { id: string; name: string; cluster: string; ownerId: string }
type Person = { name: string; handle: string }

/** A space in which a group has a role, with how many people get access by it and the first of them. */
export type GainedAccess = Space & { count: number; people: Person[] }

/** More pairs of a person and a space than this are not compared with what the people have there already. */
const maxCompared = 10_000
const maxNamed = 5

/** @returns the living spaces in which a group has a role, now or later */
export const selectSpacesOfGroup = (tx: Tx, { group, issuer }: Group, at: Date): Promise<Space[]> =>
  tx.$queryRaw<Space[]>`
    SELECT DISTINCT s.id, s.name, c.name AS cluster, s.owner_id AS "ownerId"
    FROM space_grant g JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id
    WHERE g."group" = ${group} AND g.group_issuer = ${issuer} AND ${notOver(at)} AND ${living}`

/** @returns the ids of everybody who is known to be in a group */
export async function selectMembers(tx: Tx, { group, issuer }: Group): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT m.user_id AS id FROM ${knownMemberSql} m WHERE m."group" = ${group} AND m.group_issuer = ${issuer}`
  return rows.map(({ id }) => id)
}

/**
 * Who has access by a pushed group that they didn't have before it changed, counted in all its spaces. People who are
 * deactivated count too: a token may reactivate them afterwards, which no owner hears of.
 * @param joined the members who are new to it; null: all
 * @param before who was in the group before
 * @returns a row for each space, also where nobody gains. Where too many people would have to be compared with too many
 *   spaces, people count who had access there already
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
