import type { Db } from '#lib/kernel/db/client.ts'

/** Lets the provider be asked about a session again as if it had last been asked at another instant. */
export async function postponeRecheck(db: Db, sessionId: string, askedAt: Date): Promise<void> {
  await db.$executeRaw`UPDATE session SET rechecked_at = ${askedAt} WHERE id = ${sessionId}::uuid`
}
