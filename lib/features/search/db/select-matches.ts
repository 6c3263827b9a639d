import type { FoundPerson, SearchQuery } from '#lib/features/search/model/search-query.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { standingSql } from '#lib/kernel/db/spaces/find-space.ts'
import { healthOutdatedSql, healthSql } from '#lib/kernel/db/spaces/health-sql.ts'
import { reachableSql } from '#lib/kernel/db/spaces/reachable-sql.ts'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import { type SpaceHealth, shownHealthOf } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

export type SpaceMatch = {
  id: string
  name: string
  cluster: string
  owner: string
  standing: Standing | null
  health: SpaceHealth | null
  /** Neither deleted nor being deleted. */
  living: boolean
}
export type Matches = { spaces: SpaceMatch[]; people: FoundPerson[] }

type FoundSpace = Omit<SpaceMatch, 'health'> & { status: SpaceStatus; health: unknown; healthOutdated: boolean }
type Found = { spaces: FoundSpace[]; people: FoundPerson[] }

/** The searching person, and what they may find: all spaces or only their own, and whether people. */
type Searcher = { userId: string; allSpaces: boolean; people: boolean; at: Date }

/**
 * Finds spaces and people in one statement. Exact names come first, then prefixes. Without a text: recently used ones,
 * then the first spaces by name.
 * @param most limit for each
 */
export async function selectMatches(
  pool: Pool,
  who: Searcher,
  query: SearchQuery,
  most: { spaces: number; people: number },
): Promise<Matches> {
  const [found] = await runSql<Found>(
    pool,
    Prisma.sql`SELECT ${spacesSql(who, query, most.spaces)} AS spaces,
      ${who.people ? peopleSql(query, most.people) : Prisma.sql`'[]'::json`} AS people`,
  )
  if (!found) return { spaces: [], people: [] }
  const spaces = found.spaces.map(({ status, health, healthOutdated, ...space }) => {
    const shown = shownHealthOf({ standing: space.standing, status, health, healthOutdated })
    return { ...space, health: shown === 'outdated' ? null : shown }
  })
  return { ...found, spaces }
}

function spacesSql(who: Searcher, { text, spaces: recent = [] }: SearchQuery, most: number): Prisma.Sql {
  const visible = who.allSpaces
    ? existing
    : Prisma.sql`${existing} AND s.id = ANY (${reachableSql(who.userId, who.at)})`
  const order = text
    ? Prisma.sql`s.name <> lower(${text}), NOT starts_with(s.name, lower(${text})), s.name, s.id`
    : Prisma.sql`s.id <> ALL (${recent}::uuid[]), s.name, s.id`
  const picked = text
    ? Prisma.sql`SELECT s.id FROM space s
        WHERE ${visible} AND (s.name || ' ' || s.description) ILIKE ${likePattern(text)} ORDER BY ${order} LIMIT ${most}`
    : Prisma.sql`(SELECT s.id FROM space s WHERE ${visible} AND s.id = ANY (${recent}::uuid[]))
        UNION (SELECT s.id FROM space s WHERE ${visible} ORDER BY s.name, s.id LIMIT ${most})`
  return Prisma.sql`(SELECT coalesce(json_agg(match), '[]') FROM (
      SELECT s.id, s.name, c.name AS cluster, o.name AS owner, ${living} AS living,
        ${standingSql(who.userId, who.at)} AS standing, s.status, ${healthSql} AS health, ${healthOutdatedSql(who.at)} AS "healthOutdated"
      FROM (${picked}) picked JOIN space s USING (id)
        JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
      ORDER BY ${order} LIMIT ${most}) match)`
}

function peopleSql({ text, people: recent = [] }: SearchQuery, most: number): Prisma.Sql {
  const [matches, order] = text
    ? [
        Prisma.sql`(u.handle || ' ' || u.name || ' ' || u.email) ILIKE ${likePattern(text)}`,
        Prisma.sql`lower(${text}) NOT IN (u.handle, lower(u.name), lower(u.email)),
          NOT starts_with(lower(u.name), lower(${text})), u.deactivated_at IS NOT NULL, u.name, u.id`,
      ]
    : [Prisma.sql`u.id = ANY (${recent}::uuid[])`, Prisma.sql`u.name, u.id`]
  return Prisma.sql`(SELECT coalesce(json_agg(match), '[]') FROM (
      SELECT u.id, u.handle, u.name, u.email, u.deactivated_at IS NOT NULL AS deactivated
      FROM user_account u WHERE ${matches} ORDER BY ${order} LIMIT ${most}) match)`
}
