/**
 * SQL conditions for which spaces `s` and grants `g` count; the texts are for pg. Conditions on a space's status must
 * match the partial indexes literally.
 */

import { Prisma } from '#lib/kernel/db/client.ts'
import { soonMs } from '#lib/kernel/model/spaces/ending.ts'

/** The space isn't deleted: it keeps its name, and counts for its owner, until its namespace is gone. */
export const existingText = `s.status <> 'deleted'`
export const existing = Prisma.raw(existingText)

/** The space is neither deleted nor being deleted: people can use it. */
export const livingText = `s.status NOT IN ('deleting', 'deleted')`
export const living = Prisma.raw(livingText)

/** As lib/kernel/model/spaces/ending.ts. */
export const endsSoonSql = (at: Date): Prisma.Sql =>
  Prisma.sql`${living} AND s.ends_at > ${at} AND s.ends_at <= ${new Date(at.getTime() + soonMs)}`

/** Like `living`, for Prisma's own queries. */
export const isLiving = { status: { notIn: ['deleting' as const, 'deleted' as const] } }

/** A column, never a value: it becomes part of the text. */
type Person = 'u.id' | 'g.user_id' | 'm.user_id'

/** Platform admins don't benefit from grants that they gave by platform role. */
const notWithheldText = (person: Person) => `${person} <> ALL (g.withheld_from)`
export const notWithheld = (person: Person) => Prisma.raw(notWithheldText(person))

/** The grant applies to a person, whenever it starts or ends. */
export const grantedText = (person: Person) => `g.removed_at IS NULL AND ${notWithheldText(person)}`

/** The grant hasn't ended at an instant. It may not have started. */
export const notOver = (at: Date) => Prisma.sql`g.removed_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > ${at})`

/** The grant is in effect at an instant. */
export const effective = (at: Date) => Prisma.sql`${notOver(at)} AND g.starts_at <= ${at}`

/** The grant is in effect at an instant and is not withheld from this person. */
export const effectiveFor = (userId: string, at: Date) =>
  Prisma.sql`${effective(at)} AND ${userId}::uuid <> ALL (g.withheld_from)`
