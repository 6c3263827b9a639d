import type { Tx } from '#lib/kernel/db/client.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'

export type NewRequest = {
  id: string
  requesterId: string
  clusterId: string
  spaceId: string | null
  payload: RequestPayload
  /** SHA-256 (hex) of what was requested, by whom and why: a decision is bound to it. */
  payloadHash: string
  reason: string
  createdAt: Date
  expiresAt: Date
}

/** Adds an open request. */
export async function insertRequest(tx: Tx, request: NewRequest): Promise<void> {
  await tx.request.create({ data: { ...request, kind: request.payload.kind } })
}
