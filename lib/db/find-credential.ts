import type { Db, Tx } from './client.ts'

/** @returns what a person's credential is bound to, and when it was revoked; null when they have no such credential */
export const findCredential = (
  db: Db | Tx,
  userId: string,
  id: string,
): Promise<{ spaceId: string | null; revokedAt: Date | null } | null> =>
  db.credential.findFirst({ where: { id, userId }, select: { spaceId: true, revokedAt: true } })
