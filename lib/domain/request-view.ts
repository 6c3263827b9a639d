import type { RequestPayload, RequestState } from './access-request.ts'
import type { Role } from './role.ts'
import type { GainedRight } from './role-rules.ts'

export type RequestRow = {
  id: string
  payload: RequestPayload
  payloadHash: string
  state: RequestState
  reason: string
  requester: { handle: string; name: string; email: string }
  /** Null if the viewer may not know the space; the requester sees the name they typed. */
  space: { name: string; cluster: string } | null
  createdAt: Date
  expiresAt: Date
  decidedAt: Date | null
  decider: { handle: string; name: string } | null
  decisionReason: string | null
  endsAt: Date | null
}

/** What an approver sees: the request, and what the requester could do before and after. */
export type RequestDetail = RequestRow & {
  before: Role | null
  after: Role | null
  gained: GainedRight[]
  mayDecide: boolean
  mayWithdraw: boolean
}
