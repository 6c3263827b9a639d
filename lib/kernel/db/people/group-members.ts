import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { enqueueReconcileForGroups } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { knownMemberSql } from './group-member-sql.ts'

/** A group of an identity provider. `issuer` has no trailing slash. */
export type Group = { group: string; issuer: string }

export async function countGroup(db: Db, { group, issuer }: Group): Promise<number> {
  const [row] = await db.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM ${knownMemberSql} m WHERE m."group" = ${group} AND m.group_issuer = ${issuer}`
  return row?.people ?? 0
}

/** @returns whether a person was in a group at the provider's last confirmation */
export async function isInGroup(db: Db | Tx, userId: string, { group, issuer }: Group): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT FROM ${knownMemberSql} m
    WHERE m.user_id = ${userId}::uuid AND m."group" = ${group} AND m.group_issuer = ${issuer}`
  return rows.length > 0
}

/**
 * Replaces a person's groups, and queues the spaces with roles of joined or left groups. The person's row must be
 * locked.
 * @param wasSuspended whether their groups were suspended: then the spaces of all of them are queued
 */
export async function replaceGroups(
  tx: Tx,
  userId: string,
  issuer: string,
  groups: readonly string[],
  wasSuspended: boolean,
): Promise<{ joined: string[]; left: string[] }> {
  const before = await selectClaimedGroups(tx, userId)
  const left = before.filter((group) => !groups.includes(group))
  const joined = groups.filter((group) => !before.includes(group))
  if (left.length > 0) await tx.userGroup.deleteMany({ where: { userId, group: { in: left } } })
  if (joined.length > 0) await tx.userGroup.createMany({ data: joined.map((group) => ({ userId, group })) })
  await enqueueReconcileForGroups(tx, issuer, [...left, ...(wasSuspended ? groups : joined)])
  return { joined, left }
}

/** @returns the groups of a person's last sign-in or recheck */
export const selectClaimedGroups = async (tx: Tx, userId: string): Promise<string[]> =>
  (await tx.userGroup.findMany({ where: { userId }, select: { group: true } })).map(({ group }) => group)

/**
 * Removes a person from all pushed groups. Leaves the version of a locked group to its holder: waiting for it could
 * deadlock.
 */
export async function deleteMemberships(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`
    WITH gone AS (DELETE FROM scim_group_member WHERE user_id = ${userId}::uuid RETURNING group_id),
    free AS (SELECT g.id FROM scim_group g JOIN gone ON gone.group_id = g.id FOR NO KEY UPDATE OF g SKIP LOCKED)
    UPDATE scim_group g SET version = g.version + 1 FROM free WHERE g.id = free.id`
}
