import { Prisma } from '#lib/kernel/db/client.ts'
import { type Blocked, inUnblockedTransaction } from '#lib/kernel/db/end-blockers.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type EndedSession = {
  id: string
  expiresAt: Date
  lastSeenAt: Date
  providerSid: string | null
  /** The provider's ID token, sealed (lib/auth/provider/encrypted-hint.ts). */
  idToken: string | null
  user: { id: string; handle: string; name: string; issuer: string }
}

/** Removes one session. @returns the removed session; null when there was none */
export async function deleteSession(
  blocked: Blocked,
  tokenHash: Uint8Array<ArrayBuffer>,
): Promise<EndedSession | null> {
  return inUnblockedTransaction(blocked, async (tx) => {
    const session = await tx.session.findUnique({
      where: { tokenHash },
      select: {
        id: true,
        expiresAt: true,
        lastSeenAt: true,
        providerSid: true,
        idToken: true,
        user: { select: { id: true, handle: true, name: true, issuer: true } },
      },
    })
    if (!session) return null
    const { count } = await tx.session.deleteMany({ where: { id: session.id } })
    return count === 0 ? null : session
  })
}

/** Removes one session by its id, if it is still there. */
export async function deleteSessionRow(pool: Pool, id: string): Promise<void> {
  await runSql(pool, Prisma.sql`DELETE FROM session WHERE id = ${id}::uuid`)
}
