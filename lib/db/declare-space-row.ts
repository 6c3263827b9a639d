import type { Tx } from './client.ts'

/** Ends that objects in a namespace declare a space. @returns whether they did */
export async function releaseSpaceRow(tx: Tx, spaceId: string, namespace: string): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id: spaceId, declaredNamespace: namespace },
    data: {
      declaredNamespace: null,
      declaredUid: null,
      declaredGeneration: null,
      declaredMembers: false,
      declaredDone: [],
    },
  })
  return count > 0
}

/** Has an object in a namespace declare a space, once it is there. */
export async function declareSpaceRow(tx: Tx, spaceId: string, namespace: string): Promise<void> {
  await tx.space.update({ where: { id: spaceId }, data: { declaredNamespace: namespace } })
}
