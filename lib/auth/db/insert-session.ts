import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'

export type NewSession = {
  tokenHash: Uint8Array<ArrayBuffer>
  userId: string
  at: Date
  expiresAt: Date
  providerSid: string | null
  idToken: string | null
  providerTokens: string | null
  /** When the person proved who they are; null: the provider didn’t say. */
  authenticatedAt: Date | null
  sourceAddress: string | null
  userAgent: string | null
}

/** Adds a browser session, in the transaction that records the sign-in in the trail. */
export async function insertSession(tx: Tx, { at, ...session }: NewSession): Promise<void> {
  await tx.session.create({ data: { id: randomUUID(), createdAt: at, lastSeenAt: at, recheckedAt: at, ...session } })
}
