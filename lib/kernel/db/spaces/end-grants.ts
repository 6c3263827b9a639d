import type { Prisma, Tx } from '#lib/kernel/db/client.ts'

type Removal = { at: Date; byId: string }

async function end(tx: Tx, where: Prisma.GrantWhereInput, { at, byId }: Removal): Promise<number> {
  const { count } = await tx.grant.updateMany({
    where: { ...where, removedAt: null },
    data: { removedAt: at, removedById: byId },
  })
  return count
}

/** @returns whether it existed */
export const endGrant = async (tx: Tx, id: string, removal: Removal): Promise<boolean> =>
  (await end(tx, { id }, removal)) > 0

/** Removes a person's own grants in a space, not their groups'. @returns how many */
export const endPersonalGrants = (tx: Tx, spaceId: string, userId: string, removal: Removal): Promise<number> =>
  end(tx, { spaceId, userId }, removal)

/** Removes some people's grants in a space that weren't requested. @returns how many */
export const endUnrequestedGrants = (
  tx: Tx,
  spaceId: string,
  userIds: readonly string[],
  removal: Removal,
): Promise<number> => end(tx, { spaceId, userId: { in: [...userIds] }, requestId: null }, removal)
