import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * @param session of the person, and alive; left out: there is none
 * @returns when the person of a session proved who they are; null: the provider didn’t say, or there is no such session
 */
export async function findAuthenticatedAt(
  tx: Tx,
  { session, userId, at }: { session: string | undefined; userId: string; at: Date },
): Promise<Date | null> {
  if (session === undefined) return null
  const found = await tx.session.findFirst({
    where: { id: session, userId, expiresAt: { gt: at } },
    select: { authenticatedAt: true },
  })
  return found?.authenticatedAt ?? null
}
