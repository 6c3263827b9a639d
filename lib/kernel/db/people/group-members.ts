import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from './group-member-sql.ts'

/** A group of an identity provider. `issuer` has no trailing slash. */
export type Group = { group: string; issuer: string }

/** @returns how many known people are in a group */
export async function countGroup(db: Db, { group, issuer }: Group): Promise<number> {
  const [row] = await db.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM ${knownMemberSql} m WHERE m."group" = ${group} AND m.group_issuer = ${issuer}`
  return row?.people ?? 0
}

/** @returns whether a person was in a group when the provider last named theirs */
export async function isInGroup(db: Db | Tx, userId: string, { group, issuer }: Group): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM ${knownMemberSql} m
    WHERE m.user_id = ${userId}::uuid AND m."group" = ${group} AND m.group_issuer = ${issuer}`
  return rows.length > 0
}
