/** Who reviews which lines: in every statement, `l` is a line of a review and `s` its space. */
import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'

type Holder = { accounts: Prisma.Sql; handles: Prisma.Sql }

const owner: Holder = { accounts: Prisma.sql`ARRAY[o.id]`, handles: Prisma.sql`ARRAY[o.handle]` }

/** A person under either spelling of their provider, looked up once per statement. */
export function accountsOf(userId: string): Holder {
  const ofPerson = (column: Prisma.Sql) => Prisma.sql`ARRAY(
    SELECT ${column} FROM user_account q JOIN user_account d
      ON d.subject = q.subject AND d.issuer IN (q.issuer, rtrim(q.issuer, '/'), rtrim(q.issuer, '/') || '/')
    WHERE q.id = ${userId}::uuid)`
  return { accounts: ofPerson(Prisma.sql`d.id`), handles: ofPerson(Prisma.sql`d.handle`) }
}

/**
 * Whether the line is about a person's own access: direct, through a group (even a suspended one) or as a binding’s
 * subject.
 */
export const isOwnAccessSql = ({ accounts, handles }: Holder): Prisma.Sql => Prisma.sql`
  (coalesce(l.user_id = ANY (${accounts}), false) OR l.handles && ${handles} OR EXISTS (
    SELECT FROM ${knownMemberSql} m
    WHERE m."group" = l."group" AND m.group_issuer = l.group_issuer AND m.user_id = ANY (${accounts})))`

/** The reviewer: the space’s owner `o`, unless deactivated or reviewing their own access; null: platform admins. */
export const reviewerSql = Prisma.sql`CASE WHEN o.deactivated_at IS NULL AND NOT ${isOwnAccessSql(owner)} THEN o.id END`

export type Viewer = { userId: string; isPlatformAdmin: boolean; readsAll: boolean }

/** Whether a person may decide: the space's owner or a platform admin, but not about their own access. */
export const decidesLineSql = ({ userId, isPlatformAdmin }: Viewer): Prisma.Sql => Prisma.sql`
  ((${isPlatformAdmin}::boolean OR s.owner_id = ${userId}::uuid) AND NOT ${isOwnAccessSql(accountsOf(userId))})`

/** Whether a person may see the line: platform admins and auditors all, reviewers theirs while they own the space. */
export const seesLineSql = ({ userId, readsAll }: Viewer): Prisma.Sql =>
  readsAll ? Prisma.sql`true` : Prisma.sql`(l.reviewer_id = ${userId}::uuid AND s.owner_id = ${userId}::uuid)`

/** The reviews with open lines for a person, as a condition on `v`. */
export const waitsInReviewSql = (person: {
  id: Prisma.Sql
  isPlatformAdmin: Prisma.Sql
  at: Date
}): Prisma.Sql => Prisma.sql`
  v.state = 'open' AND v.due_at > ${person.at} AND (
    EXISTS (SELECT FROM review_line l WHERE l.review_id = v.id AND l.state = 'open' AND l.reviewer_id = ${person.id})
    OR ${person.isPlatformAdmin} AND EXISTS (
      SELECT FROM review_line l WHERE l.review_id = v.id AND l.state = 'open' AND l.reviewer_id IS NULL
        AND l.user_id IS DISTINCT FROM ${person.id}))`
