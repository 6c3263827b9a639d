import { randomUUID } from 'node:crypto'
import type { Db } from './client.ts'

export type NewSession = {
  tokenHash: Uint8Array<ArrayBuffer>
  userId: string
  at: Date
  expiresAt: Date
  providerSid: string | null
  idToken: string | null
  sourceAddress: string | null
  userAgent: string | null
}

/** Adds a browser session. */
export async function insertSession(db: Db, { at, ...session }: NewSession): Promise<void> {
  await db.session.create({ data: { id: randomUUID(), createdAt: at, lastSeenAt: at, ...session } })
}
