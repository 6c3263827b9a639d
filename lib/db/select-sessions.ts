import type { Db } from './client.ts'

export type SessionListed = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  sourceAddress: string | null
  userAgent: string | null
}

/** A person's living sessions, newest first; at most twenty. */
export async function selectSessions(
  db: Db,
  { userId, now, idleSince }: { userId: string; now: Date; idleSince: Date },
): Promise<SessionListed[]> {
  return db.session.findMany({
    where: { userId, expiresAt: { gt: now }, lastSeenAt: { gt: idleSince } },
    select: { id: true, createdAt: true, lastSeenAt: true, expiresAt: true, sourceAddress: true, userAgent: true },
    orderBy: { createdAt: 'desc' },
    take: 20,
  })
}
