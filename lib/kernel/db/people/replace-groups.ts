import type { Tx } from '#lib/kernel/db/client.ts'
import { enqueueReconcileForGroups } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'

/**
 * Replaces the groups that a person is in; spaces in which a joined or left group has a role are queued. The person's
 * row must be held.
 * @param wasPaused whether their groups gave nothing before: then the spaces of all of them are queued
 */
export async function replaceGroups(
  tx: Tx,
  userId: string,
  issuer: string,
  groups: readonly string[],
  wasPaused: boolean,
): Promise<{ joined: string[]; left: string[] }> {
  const before = await selectClaimedGroups(tx, userId)
  const left = before.filter((group) => !groups.includes(group))
  const joined = groups.filter((group) => !before.includes(group))
  if (left.length > 0) await tx.userGroup.deleteMany({ where: { userId, group: { in: left } } })
  if (joined.length > 0) await tx.userGroup.createMany({ data: joined.map((group) => ({ userId, group })) })
  await enqueueReconcileForGroups(tx, issuer, [...left, ...(wasPaused ? groups : joined)])
  return { joined, left }
}

/** @returns the groups that a person's last sign-in or recheck named */
export const selectClaimedGroups = async (tx: Tx, userId: string): Promise<string[]> =>
  (await tx.userGroup.findMany({ where: { userId }, select: { group: true } })).map(({ group }) => group)
