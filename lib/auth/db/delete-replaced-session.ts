import type { Tx } from '#lib/kernel/db/client.ts'

/** Ends the session that a browser had before it signed in again, in the transaction that creates the new one. */
export async function deleteReplacedSession(tx: Tx, tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.session.deleteMany({ where: { tokenHash } })
}
