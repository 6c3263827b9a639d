import type { RequestPayload } from '#lib/domain/access-request.ts'
import type { Tx } from './client.ts'

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
