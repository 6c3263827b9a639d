import type { Tx } from '#lib/kernel/db/client.ts'

export type NewApproval = {
  requestId: string
  payloadHash: string
  approverId: string
  approvedAt: Date
  reason: string | null
  minutes: number | null
}

/** Adds an approval. A person has one for what a request asks: a second changes nothing. */
export async function insertApproval(tx: Tx, approval: NewApproval): Promise<void> {
  await tx.requestApproval.createMany({ data: [approval], skipDuplicates: true })
}
