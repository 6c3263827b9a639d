import type { Tx } from '#lib/kernel/db/client.ts'

export type NewCredential = {
  id: string
  userId: string
  /** The cluster and the space that it is bound to; null: all spaces of the person. */
  clusterId: string | null
  spaceId: string | null
  tokenHash: Uint8Array<ArrayBuffer>
  tokenStart: string
  name: string | null
  createdAt: Date
  endsAt: Date
}

/** Adds a credential; only the hash and the start of its token are known here. */
export async function insertCredential(tx: Tx, credential: NewCredential): Promise<void> {
  await tx.credential.create({ data: credential })
}
