import type { Role } from '#lib/kernel/model/access/role.ts'
import type { GainedRight } from '#lib/kernel/model/access/role-rules.ts'
import type { Excess } from '#lib/kernel/model/policy/policy.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import type { RequestPayload, ShownRequestState } from './access-request.ts'
import type { Risk } from './request-risk.ts'

export type RequestRow = {
  id: string
  payload: RequestPayload
  payloadHash: string
  state: ShownRequestState
  reason: string
  /** `from`: their identity provider; null: there is only one. */
  requester: { handle: string; name: string; email: string; from: string | null }
  /** Null if the viewer may not know the space; the requester sees the name they typed. */
  space: { name: string; cluster: string } | null
  createdAt: Date
  expiresAt: Date
  decidedAt: Date | null
  decider: { handle: string; name: string } | null
  decisionReason: string | null
  endsAt: Date | null
}

/** Information for deciding: about the requester, the space, and who already has the role. */
export type DecisionContext = {
  /** The requester's groups: at most ten names (null if hidden from the viewer), and how many. */
  groups: { names: string[] | null; count: number }
  /** How many spaces they own, the limit, and, for a space or a size, how many of each size. */
  spaces: { owned: number; limit: number; bySize: Partial<Record<Size, number>> | null }
  /** The quota usage of the space, or of all the requester's spaces if they request another one. */
  usage: QuotaUsage[]
  /** Who else has the requested role in the space: at most five names, and how many. Null: no role is requested. */
  holders: { first: { name: string; isGroup: boolean }[]; count: number } | null
  /** Their earlier requests of the same kind that the viewer could decide on: the last five, newest first. */
  history: { last: EarlierRequest[]; counts: Partial<Record<ShownRequestState, number>> }
}

export type EarlierRequest = Pick<RequestRow, 'id' | 'payload' | 'state' | 'space' | 'createdAt'>

export type Approvals = {
  /** How many the policy requires; for a closed request, how many it had. */
  needed: number
  /** Oldest first. */
  given: {
    handle: string
    name: string
    at: Date
    reason: string | null
    /** The longest that this approver allows a role to last, in minutes; null: as requested. */
    minutes: number | null
    /** Whether the approver could still decide; otherwise the approval doesn’t count. */
    counts: boolean
    isViewer: boolean
  }[]
  /** How many more people would have to be able to decide, as far as the viewer may know. */
  unstaffed: number
}

export type OnCluster =
  /** `at` null: applied by an earlier release. */
  | { state: 'done'; at: Date | null }
  | { state: 'pending' }
  /** `message`: which step failed and why; `triedAt`: when it was tried last. */
  | { state: 'failing'; message: string; since: Date | null; triedAt: Date | null }

/** The result of an approval, as far as the viewer may know it now. */
export type ApprovalResult = {
  /** `unknown`: the viewer can no longer see the space. */
  state: 'scheduled' | 'current' | 'ended' | 'unknown'
  endedAt: Date | null
  /** Whether the space is deleted, and with it the result. */
  spaceIsGone: boolean
  /** Null: it has ended, hasn’t started, or the viewer may not know. */
  onCluster: OnCluster | null
}

export type RequestDetail = RequestRow & {
  isOwn: boolean
  /** The requester's role in the space before and after an approval; for open requests. */
  before: Role | null
  after: Role | null
  /** Rights on the cluster that an approval would give; for a closed request, those of the role. */
  gained: GainedRight[]
  risks: Risk[]
  /** The policy limits that an open request exceeds now. */
  excess: Excess[]
  /** Whether the viewer can open the space of the request, or the one it led to. */
  opensSpace: boolean
  /** For people who may decide now. */
  context: DecisionContext | null
  /** For approved requests. */
  made: ApprovalResult | null
  /** For another person's closed request: the oldest that waits for the viewer, and how many do, at most 100. */
  next: { id: string; waiting: number } | null
  approvals: Approvals
  mayDecide: boolean
  mayWithdraw: boolean
  /** Whether the viewer may decide after activating their role. */
  mayActivate: boolean
}

/** An open request for a larger size of a space. */
export type WaitingSize = {
  size: Size
  by: string
  createdAt: Date
  /** Only for the viewer's own; others' pages aren't visible to them. */
  id: string | null
}

export type RequestsOverview = {
  /** Requests that wait for a decision, and since when the oldest one does. */
  waiting: number
  oldestAt: Date | null
  /** Those that have waited for a day. */
  waitingForADay: number
  /** Those that wait for the viewer, counted up to 100. */
  forYou: number
}
