import type { Tx } from '#lib/kernel/db/client.ts'

/**
 * Ends a session whose person the provider no longer vouches for. Its row is kept for the sign-out at the provider.
 * @returns false: it had ended already
 */
export async function endRefusedSession(tx: Tx, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`
  return count > 0
}
