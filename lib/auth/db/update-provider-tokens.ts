import type { Db } from '#lib/kernel/db/client.ts'

/**
 * Replaces the tokens with which the provider is asked about a session's person, unless it has ended in the meantime.
 * @param sealed null: no more
 */
export async function updateProviderTokens(db: Db, sessionId: string, sealed: string | null): Promise<void> {
  await db.$executeRaw`
    UPDATE session SET provider_tokens = ${sealed} WHERE id = ${sessionId}::uuid AND expires_at > created_at`
}
