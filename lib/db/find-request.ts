import type { RequestState } from '#lib/domain/access-request.ts'
import type { Db, Tx } from './client.ts'

export type RequestRecord = {
  id: string
  kind: 'space' | 'size' | 'role'
  requesterId: string
  spaceId: string | null
  payload: unknown
  payloadHash: string
  reason: string
  state: RequestState
  createdAt: Date
  lapsesAt: Date
  decidedAt: Date | null
  decisionReason: string | null
  endsAt: Date | null
  requester: { handle: string; name: string; email: string }
  decider: { handle: string; name: string } | null
  space: { name: string; ownerId: string; status: string; cluster: { name: string } } | null
}

export const requestInclude = {
  requester: { select: { handle: true, name: true, email: true } },
  decider: { select: { handle: true, name: true } },
  space: { select: { name: true, ownerId: true, status: true, cluster: { select: { name: true } } } },
} as const

/** @returns one request, or null */
export async function findRequest(db: Db | Tx, id: string): Promise<RequestRecord | null> {
  return db.request.findUnique({ where: { id }, include: requestInclude })
}
