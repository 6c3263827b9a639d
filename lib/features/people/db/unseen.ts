import { unseenWarning } from '#lib/features/people/model/unseen.ts'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { lastSeenSql } from '#lib/kernel/db/people/select-people.ts'

/**
 * People whom nobody has seen for long, step by step: warned, reminded, due. Each step happens once, whoever takes it, and
 * none is left out. `u` is an account.
 */

const { first, second } = unseenWarning

/** After how many days the policy deactivates people; null: never, also without a version. Read once a statement. */
const daysSql = Prisma.raw(`(SELECT (rules->>'unseenDays')::int FROM policy_version ORDER BY number DESC LIMIT 1)`)
const afterDays = (days: number | Prisma.Sql) => Prisma.sql`make_interval(days => ${days}::int)`

export type Unseen = { id: string; endsAt: Date; days: number }

/**
 * Forgets the warnings of people who have been seen since, whom the policy no longer means or gives more time than they
 * were told, or who are deactivated. It
 * waits for nobody’s row, so that it and a transaction that holds several can’t block each other.
 */
export async function forgetUnseen(db: Db, at: Date): Promise<void> {
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
 * Takes people who are to be warned, because they will be due in two weeks or are already: they get two weeks from now.
 * Workers that do so concurrently take different ones.
 * @returns at most `limit`, with when they are deactivated
 */
export const takeToWarn = (tx: Tx, at: Date, limit: number): Promise<Unseen[]> =>
  tx.$queryRaw<Unseen[]>(Prisma.sql`
    WITH unseen AS (
      SELECT u.id, ${lastSeenSql} + ${afterDays(daysSql)} AS ends_at FROM user_account u
      WHERE u.deactivated_at IS NULL AND u.unseen_warned_at IS NULL AND NOT u.never_signed_in
        AND u.last_sign_in_at <= ${at}::timestamptz - ${afterDays(Prisma.sql`${daysSql} - ${first}`)}
        AND ${lastSeenSql} <= ${at}::timestamptz - ${afterDays(Prisma.sql`${daysSql} - ${first}`)}
      ORDER BY u.last_sign_in_at, u.id LIMIT ${limit} FOR NO KEY UPDATE OF u SKIP LOCKED)
    UPDATE user_account u SET unseen_warned_at = ${at}, unseen_reminded_at = NULL,
      unseen_ends_at = greatest(unseen.ends_at, ${at}::timestamptz + ${afterDays(first)})
    FROM unseen WHERE u.id = unseen.id RETURNING u.id, u.unseen_ends_at AS "endsAt", ${daysSql} AS days`)

/** Takes people who are to be warned for the second time, at least three days before they are deactivated; as takeToWarn. */
export const takeToRemind = (tx: Tx, at: Date, limit: number): Promise<Unseen[]> =>
  tx.$queryRaw<Unseen[]>(Prisma.sql`
    WITH warned AS (
      SELECT u.id FROM user_account u
      WHERE u.unseen_warned_at IS NOT NULL AND u.unseen_reminded_at IS NULL AND u.deactivated_at IS NULL
        AND u.unseen_ends_at <= ${at}::timestamptz + ${afterDays(second)} AND ${daysSql} IS NOT NULL
      ORDER BY u.unseen_ends_at, u.id LIMIT ${limit} FOR NO KEY UPDATE OF u SKIP LOCKED)
    UPDATE user_account u SET unseen_reminded_at = ${at},
      unseen_ends_at = greatest(u.unseen_ends_at, ${at}::timestamptz + ${afterDays(second)})
    FROM warned WHERE u.id = warned.id RETURNING u.id, u.unseen_ends_at AS "endsAt", ${daysSql} AS days`)

/** @returns one person who is due and was warned twice, held until the transaction ends; null: there is none, or others take them */
export async function takeUnseen(tx: Tx, at: Date): Promise<{ id: string; handle: string; days: number } | null> {
  const [person] = await tx.$queryRaw<{ id: string; handle: string; days: number }[]>(Prisma.sql`
    SELECT u.id, u.handle, ${daysSql} AS days FROM user_account u
    WHERE u.unseen_warned_at IS NOT NULL AND u.unseen_ends_at <= ${at} AND u.deactivated_at IS NULL
      AND u.unseen_reminded_at <= ${at}::timestamptz - ${afterDays(second)}
      AND ${lastSeenSql} <= ${at}::timestamptz - ${afterDays(daysSql)}
    ORDER BY u.unseen_ends_at, u.id LIMIT 1 FOR NO KEY UPDATE OF u SKIP LOCKED`)
  return person ?? null
}

/** Looks at somebody again a day later. */
export async function postponeUnseen(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.$executeRaw(
    Prisma.sql`UPDATE user_account SET unseen_ends_at = ${at}::timestamptz + ${afterDays(1)} WHERE id = ${id}::uuid`,
  )
}

/**
 * Deactivates a person whom nobody has seen, unless they are the last active platform admin or were seen after all: a
 * function of the database decides, which its guard of the column asks as well. The table's trigger tells the gateways.
 * @returns whether they are deactivated now
 */
export async function markUnseen(tx: Tx, id: string, { at, reason }: { at: Date; reason: string }): Promise<boolean> {
  const marked = await tx.$executeRaw`
    UPDATE user_account SET deactivated_at = ${at}, deactivation_reason = ${reason}
    WHERE id = ${id}::uuid AND may_deactivate_unseen(id)`
  return marked > 0
}
