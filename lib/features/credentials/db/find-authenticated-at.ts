import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * @param session an active session of the person; undefined: there is none
 * @returns when the person authenticated for the session; null: the provider didn’t say, or there is no such session
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
