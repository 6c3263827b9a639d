import type { Tx } from '#lib/kernel/db/client.ts'

/** @returns those of some people who are not deactivated */
export async function selectActive(tx: Tx, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.user.findMany({
    where: { id: { in: [...userIds] }, deactivatedAt: null },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
