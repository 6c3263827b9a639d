import { unseenWarning } from '#lib/features/people/model/unseen.ts'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { lastSeenSql } from '#lib/kernel/db/people/select-people.ts'

/**
 * Inactive people are warned, reminded, then deactivated. Each step happens exactly once, regardless of which worker
 * does it. In SQL, `u` is the account.
 */

const { first, second } = unseenWarning

/** The policy's number of days until deactivation; null: never, or no policy version. Read once per statement. */
const daysSql = Prisma.raw(`(SELECT (rules->>'unseenDays')::int FROM policy_version ORDER BY number DESC LIMIT 1)`)
const afterDays = (days: number | Prisma.Sql) => Prisma.sql`make_interval(days => ${days}::int)`

export type WarnedPerson = { id: string; endsAt: Date; days: number }

/**
 * Clears the warnings of people who have been active since, are deactivated, are no longer affected by the policy, or
 * have more time under it than they were warned of. Skips locked rows, to avoid deadlocks with transactions that lock
 * several.
 */
export async function clearWarnings(db: Db, at: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    WITH seen AS (
      SELECT u.id FROM user_account u
      WHERE u.unseen_warned_at IS NOT NULL AND (u.deactivated_at IS NOT NULL OR ${daysSql} IS NULL
        OR ${lastSeenSql} > least(u.unseen_warned_at, ${at}::timestamptz - ${afterDays(Prisma.sql`${daysSql} - ${first}`)})
        OR ${lastSeenSql} + ${afterDays(daysSql)} > u.unseen_ends_at + interval '1 hour')
      FOR NO KEY UPDATE OF u SKIP LOCKED)
    UPDATE user_account u SET unseen_warned_at = NULL, unseen_reminded_at = NULL, unseen_ends_at = NULL
    FROM seen WHERE u.id = seen.id`)
}

/**
 * Marks people as warned who will be due within two weeks or are already: they get two weeks from now. Concurrent
 * workers take different people.
 * @returns at most `limit` people, with their deactivation date
 */
export const markWarned = (tx: Tx, at: Date, limit: number): Promise<WarnedPerson[]> =>
  tx.$queryRaw<WarnedPerson[]>(Prisma.sql`
    WITH unseen AS (
      SELECT u.id, ${lastSeenSql} + ${afterDays(daysSql)} AS ends_at FROM user_account u
      WHERE u.deactivated_at IS NULL AND u.unseen_warned_at IS NULL AND NOT u.never_signed_in
        AND u.last_sign_in_at <= ${at}::timestamptz - ${afterDays(Prisma.sql`${daysSql} - ${first}`)}
        AND ${lastSeenSql} <= ${at}::timestamptz - ${afterDays(Prisma.sql`${daysSql} - ${first}`)}
      ORDER BY u.last_sign_in_at, u.id LIMIT ${limit} FOR NO KEY UPDATE OF u SKIP LOCKED)
    UPDATE user_account u SET unseen_warned_at = ${at}, unseen_reminded_at = NULL,
      unseen_ends_at = greatest(unseen.ends_at, ${at}::timestamptz + ${afterDays(first)})
    FROM unseen WHERE u.id = unseen.id RETURNING u.id, u.unseen_ends_at AS "endsAt", ${daysSql} AS days`)

/** Marks people as reminded, at least three days before they are deactivated. Otherwise like markWarned. */
export const markReminded = (tx: Tx, at: Date, limit: number): Promise<WarnedPerson[]> =>
  tx.$queryRaw<WarnedPerson[]>(Prisma.sql`
    WITH warned AS (
      SELECT u.id FROM user_account u
      WHERE u.unseen_warned_at IS NOT NULL AND u.unseen_reminded_at IS NULL AND u.deactivated_at IS NULL
        AND u.unseen_ends_at <= ${at}::timestamptz + ${afterDays(second)} AND ${daysSql} IS NOT NULL
      ORDER BY u.unseen_ends_at, u.id LIMIT ${limit} FOR NO KEY UPDATE OF u SKIP LOCKED)
    UPDATE user_account u SET unseen_reminded_at = ${at},
      unseen_ends_at = greatest(u.unseen_ends_at, ${at}::timestamptz + ${afterDays(second)})
    FROM warned WHERE u.id = warned.id RETURNING u.id, u.unseen_ends_at AS "endsAt", ${daysSql} AS days`)

/**
 * @returns a person who is due and was warned twice, locked until the transaction ends; null if there is none, or other
 *   workers have them
 */
export async function takeDueForDeactivation(
  tx: Tx,
  at: Date,
): Promise<{ id: string; handle: string; days: number } | null> {
  const [person] = await tx.$queryRaw<{ id: string; handle: string; days: number }[]>(Prisma.sql`
    SELECT u.id, u.handle, ${daysSql} AS days FROM user_account u
    WHERE u.unseen_warned_at IS NOT NULL AND u.unseen_ends_at <= ${at} AND u.deactivated_at IS NULL
      AND u.unseen_reminded_at <= ${at}::timestamptz - ${afterDays(second)}
      AND ${lastSeenSql} <= ${at}::timestamptz - ${afterDays(daysSql)}
    ORDER BY u.unseen_ends_at, u.id LIMIT 1 FOR NO KEY UPDATE OF u SKIP LOCKED`)
  return person ?? null
}

/** Checks a person again a day later. */
export async function postponeDeactivation(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.$executeRaw(
    Prisma.sql`UPDATE user_account SET unseen_ends_at = ${at}::timestamptz + ${afterDays(1)} WHERE id = ${id}::uuid`,
  )
}

/**
 * Deactivates an inactive person, unless they are the last active platform admin or were active after all. A database
 * function decides, and the column's trigger enforces the same. The table's trigger notifies the gateways.
 * @returns whether they were deactivated
 */
export async function deactivateIfUnseen(
  tx: Tx,
  id: string,
  { at, reason }: { at: Date; reason: string },
): Promise<boolean> {
  const marked = await tx.$executeRaw`
    UPDATE user_account SET deactivated_at = ${at}, deactivation_reason = ${reason}
    WHERE id = ${id}::uuid AND may_deactivate_unseen(id)`
  return marked > 0
}
