import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Ends that objects in a namespace declare a space. Which one did is kept: while it is there, a space that is deleted
 * afterwards isn’t made again.
 * @param uid only if this object is the one that was followed
 * @returns whether they did
 */
export async function releaseSpaceRow(
  tx: Tx,
  spaceId: string,
  { namespace, uid }: { namespace: string; uid?: string | null },
): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id: spaceId, declaredNamespace: namespace, ...(uid !== undefined && { declaredUid: uid }) },
    data: { declaredNamespace: null, declaredMembers: false, declaredDone: [] },
  })
  return count > 0
}

/** Has an object in a namespace declare a space, once it is there. */
export async function declareSpaceRow(tx: Tx, spaceId: string, namespace: string): Promise<void> {
  const data = { declaredNamespace: namespace, declaredUid: null, declaredGeneration: null, declaredMembers: false }
  await tx.space.update({ where: { id: spaceId }, data: { ...data, declaredDone: [] } })
}
