import { Prisma } from '#lib/kernel/db/client.ts'
import {
  type Deciding,
  decidesSql,
  hasApprovedSql,
  hasEnoughSql,
  type Person,
} from '#lib/kernel/db/people/decides-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { waitsInReviewSql } from './review-sql.ts'

type Decider = { person: Person; by: Deciding; at: Date }

/** The requests `r` that wait for a decision, with their space `s` if any, as SQL; none about a deleted space. */
export const openSql = (at: Date) => Prisma.sql`
  r.state = 'open' AND r.expires_at > ${at} AND (r.kind = 'space' OR ${living})`

/** The requests `r` that wait for a person's decision, with their space `s` if any, as SQL. */
export const waitingSql = ({ person, by, at }: Decider) => Prisma.sql`
  r.state = 'open' AND r.expires_at > ${at} AND ${decidesSql(person, by)}
  AND (NOT ${hasApprovedSql(person.id)} OR ${hasEnoughSql(by)})`

/** Whether an offer `f` of a space `s` waits for an answer. */
export const openOfferSql = (at: Date) => Prisma.sql`f.state = 'open' AND f.expires_at > ${at} AND ${living}`

/** How many open offers, reviews and unread events a person has, as SQL of a number; stops counting at 100. */
export const otherWaitingCountSql = ({ person, at }: Omit<Decider, 'by'>) => Prisma.sql`(
  SELECT count(*)::int FROM (
    (SELECT FROM space_offer f JOIN space s ON s.id = f.space_id
      WHERE f.to_id = ${person.id} AND ${openOfferSql(at)} LIMIT 100)
    UNION ALL
    (SELECT FROM review v WHERE ${waitsInReviewSql({ ...person, at })} LIMIT 100)
    UNION ALL
    (SELECT FROM inbox_event e WHERE e.user_id = ${person.id} AND e.read_at IS NULL LIMIT 100)
    LIMIT 100) w)`

/** How many requests wait for a person's decision, as SQL of a number; stops counting at 100. */
export const waitingCountSql = (decider: Decider) => Prisma.sql`(
  SELECT count(*)::int FROM (
    SELECT FROM request r LEFT JOIN space s ON s.id = r.space_id WHERE ${waitingSql(decider)} LIMIT 100) w)`
