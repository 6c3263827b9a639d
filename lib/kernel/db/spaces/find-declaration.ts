import type { Tx } from '#lib/kernel/db/client.ts'

/** The object that declares a space, and the generation of it that is followed. Without a UID: it is followed from now on. */
export type Declaration = { namespace: string | null; uid: string | null; generation: number | null }

/** @returns what declares a space, as it is in this transaction */
export const findDeclaration = async (tx: Tx, spaceId: string): Promise<Declaration | null> => {
  const found = await tx.space.findUnique({
    where: { id: spaceId },
    select: { declaredNamespace: true, declaredUid: true, declaredGeneration: true },
  })
  return found && { namespace: found.declaredNamespace, uid: found.declaredUid, generation: found.declaredGeneration }
}
