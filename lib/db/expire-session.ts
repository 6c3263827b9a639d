import type { Db } from './client.ts'

/**
 * Writes down that a session is over, as of its beginning, so that it stays over even when the clock is put back. Its row
 * stays for the sign-out at the provider.
 */
export async function expireSession(db: Db, id: string): Promise<void> {
  await db.$executeRaw`UPDATE session SET expires_at = created_at WHERE id = ${id}::uuid AND expires_at > created_at`
}
