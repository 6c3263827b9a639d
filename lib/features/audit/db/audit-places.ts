import { listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type AuditSearch, type AuditSubjects, misusedFor, spacelessSql } from './audit-conditions.ts'

/** Beyond this, people and spaces are found through the words of chunks. */
const maxSubjects = 50
/** The maximum number of index entries to read. */
const maxPlaces = 2_000

/**
 * @returns the start of a statement: `place` has the newest rows below `before` of a filter's people and spaces, by
 * index; `floor` is the seq down to which they are complete, if not to the end. null: the filter has no people or
 * spaces, or too many
 */
export function placesBySubject(
  filter: AuditSearch,
  { people, spaces }: AuditSubjects,
  before: bigint,
  limit: number,
): Prisma.Sql | null {
  const { person, personId, space, spaceId, ...more } = filter
  const branches = personId
    ? ofPeople([personId], before)
    : spaceId
      ? [Prisma.sql`e.space_id = ${spaceId}::uuid`]
      : people && people.length > 0 && people.length <= maxSubjects
        ? ofPeople(people, before)
        : spaces && spaces.length <= maxSubjects
          ? ofSpaces(spaces, space ?? '')
          : null
  if (!branches) return null
  const conditions = [person, personId, space, spaceId, ...Object.values(more)].filter((value) => value !== undefined)
  const each = Math.max(limit, conditions.length === 1 ? 0 : Math.floor(maxPlaces / branches.length))
  const newest = branches.map(
    (condition, branch) =>
      Prisma.sql`(SELECT ${branch}::int AS branch, e.seq FROM audit_event e WHERE ${condition} AND ${listed('e')} AND e.seq < ${before} ORDER BY e.seq DESC LIMIT ${each})`,
  )
  return Prisma.sql`WITH place AS MATERIALIZED (${Prisma.join(newest, ' UNION ALL ')}),
    floor AS MATERIALIZED (SELECT max(seq) AS seq FROM (SELECT min(seq) AS seq FROM place GROUP BY branch HAVING count(*) = ${each}) last)`
}

const ofPeople = (ids: readonly string[], before: bigint) =>
  ids.flatMap((id) => [
    Prisma.sql`e.actor_id = ${id}::uuid`,
    Prisma.sql`e.target_kind = 'person' AND e.target_id = ${id}`,
    // This index has only such rows.
    Prisma.sql`e.seq = ANY (ARRAY(SELECT e.seq FROM audit_event e WHERE e.intent_id IS NULL AND ${misusedFor([id])} AND e.seq < ${before}
      ORDER BY e.seq DESC LIMIT ${maxPlaces}))`,
  ])

const ofSpaces = (ids: readonly string[], name: string) => [
  ...ids.map((id) => Prisma.sql`e.space_id = ${id}::uuid`),
  Prisma.sql`${spacelessSql} AND coalesce(e.namespace, e.target_name) = ${name}`,
]
