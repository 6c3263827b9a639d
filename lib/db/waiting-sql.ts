import { Prisma } from './client.ts'
import { living } from './effective-sql.ts'

type Decider = {
  /** The person’s id, as SQL: a value or a column. */
  person: Prisma.Sql
  isPlatformAdmin: boolean
  at: Date
}

/**
 * The requests `r`, with their space `s` if any, that somebody can decide, as SQL: never their own; owners see roles in
 * their spaces, platform admins all except those about spaces that are deleted or being deleted.
 */
export const waitingSql = ({ person, isPlatformAdmin, at }: Decider) => Prisma.sql`
  r.state = 'open' AND r.expires_at > ${at} AND r.requester_id <> ${person}
  AND ${isPlatformAdmin ? Prisma.sql`(r.kind = 'space' OR ${living})` : Prisma.sql`r.kind = 'role' AND s.owner_id = ${person} AND ${living}`}`

/**
 * How much there is in somebody’s inbox, as SQL of a number: requests and offers that wait for them, and what they have
 * not read; counting stops at 100.
 */
export const inboxCountSql = (decider: Decider) => Prisma.sql`(
  SELECT count(*)::int FROM (
    (SELECT FROM request r LEFT JOIN space s ON s.id = r.space_id WHERE ${waitingSql(decider)} LIMIT 100)
    UNION ALL
    (SELECT FROM space_offer f JOIN space s ON s.id = f.space_id
      WHERE f.to_id = ${decider.person} AND f.state = 'open' AND f.expires_at > ${decider.at} AND ${living} LIMIT 100)
    UNION ALL
    (SELECT FROM inbox_event e WHERE e.user_id = ${decider.person} AND e.read_at IS NULL LIMIT 100)
    LIMIT 100) w)`

/** How many requests wait for somebody's decision, as SQL of a number; counting stops at 100. */
export const waitingCountSql = (decider: Decider) => Prisma.sql`(
  SELECT count(*)::int FROM (
    SELECT FROM request r LEFT JOIN space s ON s.id = r.space_id WHERE ${waitingSql(decider)} LIMIT 100) w)`
