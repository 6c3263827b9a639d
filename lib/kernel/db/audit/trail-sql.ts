import { Prisma } from '#lib/kernel/db/client.ts'

/**
 * @param alias of audit_event in the query
 * @returns whether lists show the row: it is from a Spaceport process or around the gateway. Must match the partial
 * indexes literally.
 */
export const listed = (alias: string): Prisma.Sql =>
  Prisma.raw(`(${alias}.intent_id IS NULL AND (${alias}.route IS NULL OR ${alias}.route = 'around'))`)

/**
 * @returns whether one row is the outcome of another. The range on `seq` limits Postgres to the intent's month and the
 * next two.
 */
export const endsIntent = (outcome: string, intent: string): Prisma.Sql =>
  Prisma.raw(
    `(${outcome}.intent_id = ${intent}.id AND ${outcome}.seq > ${intent}.seq AND ${outcome}.seq < audit_outcome_before(${intent}.seq))`,
  )
