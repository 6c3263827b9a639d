import type { Tx } from '#lib/kernel/db/client.ts'

/** Gives a space to another owner. */
export async function setSpaceOwner(tx: Tx, spaceId: string, ownerId: string): Promise<void> {
  await tx.space.update({ where: { id: spaceId }, data: { ownerId } })
}
