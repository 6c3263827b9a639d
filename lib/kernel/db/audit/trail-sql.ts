import { Prisma } from '#lib/kernel/db/client.ts'

/**
 * @param alias of a row of audit_event, as the query names it
 * @returns whether lists show the row: an action of our own processes, or what happened around the gateway. As in the
 *   partial indexes, literally.
 */
export const listed = (alias: string): Prisma.Sql =>
  Prisma.raw(`(${alias}.intent_id IS NULL AND (${alias}.route IS NULL OR ${alias}.route = 'around'))`)

/**
 * @returns whether one row is the outcome of another. It comes after its intent, in the intent's month or the next two, so that
 *   few partitions are looked into.
 */
export const endsIntent = (outcome: string, intent: string): Prisma.Sql =>
  Prisma.raw(
    `(${outcome}.intent_id = ${intent}.id AND ${outcome}.seq > ${intent}.seq AND ${outcome}.seq < audit_outcome_before(${intent}.seq))`,
  )
