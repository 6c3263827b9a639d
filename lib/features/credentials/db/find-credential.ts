import type { Db, Tx } from '#lib/kernel/db/client.ts'

/** @returns what the credential of a person’s kubeconfig is bound to, and when it was revoked; null when they have no such credential */
export const findCredential = (
  db: Db | Tx,
  userId: string,
  id: string,
): Promise<{ spaceId: string | null; revokedAt: Date | null } | null> =>
  db.credential.findFirst({ where: { id, userId, sessionId: null }, select: { spaceId: true, revokedAt: true } })
