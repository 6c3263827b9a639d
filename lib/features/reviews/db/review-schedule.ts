import type { ReviewSchedule } from '#lib/features/reviews/model/review-view.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'

const columns = Prisma.sql`months, next_on::text AS "nextOn", due_days AS "dueDays", undecided::text AS undecided`

const only = ([row]: readonly ReviewSchedule[]): ReviewSchedule => {
  if (!row) throw new Error('the migration adds the row')
  return row
}

export const readReviewSchedule = async (reader: Reader): Promise<ReviewSchedule> =>
  only(await runSql<ReviewSchedule>(reader, Prisma.sql`SELECT ${columns} FROM review_schedule WHERE id = 1`))

/** @returns the schedule, locked until the transaction ends, so that only one worker starts a review */
export const lockReviewSchedule = async (tx: Tx): Promise<ReviewSchedule> =>
  only(
    await runSql<ReviewSchedule>(tx, Prisma.sql`SELECT ${columns} FROM review_schedule WHERE id = 1 FOR NO KEY UPDATE`),
  )

export async function saveReviewSchedule(tx: Tx, given: ReviewSchedule): Promise<void> {
  const { months, nextOn, dueDays, undecided } = given
  await tx.$executeRaw`
    UPDATE review_schedule SET months = ${months}, next_on = ${nextOn}::date, due_days = ${dueDays}, undecided = ${undecided}::review_rule
    WHERE id = 1`
}

export async function saveNextReview(tx: Tx, nextOn: string): Promise<void> {
  await tx.$executeRaw`UPDATE review_schedule SET next_on = ${nextOn}::date WHERE id = 1`
}
