import type { Role } from '#lib/kernel/model/access/role.ts'
import type { GainedRight } from '#lib/kernel/model/access/role-rules.ts'
import type { Excess } from '#lib/kernel/model/policy/policy.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import type { RequestPayload, RequestState } from './access-request.ts'
import type { Risk } from './request-risk.ts'

export type RequestRow = {
  id: string
  payload: RequestPayload
  payloadHash: string
  state: RequestState
  reason: string
  /** `from` names their identity provider; null: there is one. */
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

/** What a decision is made with: about the requester, the space, and those who hold the role already. */
export type DecisionContext = {
  /** The requester's groups: their names, at most ten, or null if the viewer may not know them; and how many. */
  groups: { names: string[] | null; count: number }
  /** How many spaces count as theirs, the limit, and, for a space or a size, how many they own of each size. */
  spaces: { owned: number; limit: number; bySize: Partial<Record<Size, number>> | null }
  /** What the space uses of its quota, or all spaces of the requester if they ask for another one. */
  usage: QuotaUsage[]
  /** Who else holds the requested role in the space now: at most five names, and how many. Null: no role is asked for. */
  holders: { first: { name: string; isGroup: boolean }[]; count: number } | null
  /** Their earlier requests of the same kind, as far as the viewer decides on such: the last five, newest first. */
  history: { last: EarlierRequest[]; counts: Partial<Record<RequestState, number>> }
}

export type EarlierRequest = Pick<RequestRow, 'id' | 'payload' | 'state' | 'space' | 'createdAt'>

/** The approvals of a request. */
export type Approvals = {
  /** How many the policy demands; of a closed request, how many it had. */
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
  /** How many people fewer than needed can decide on it, as far as the viewer may know. */
  unstaffed: number
}

/** Whether the cluster has what an approval gave. */
export type OnCluster =
  /** `at` null: an earlier release saw to it. */
  | { state: 'done'; at: Date | null }
  | { state: 'pending' }
  /** `message`: which step failed and why; `triedAt`: when it was tried last. */
  | { state: 'failing'; message: string; since: Date | null; triedAt: Date | null }

/** What an approval led to, as the viewer may know it now. */
export type Made = {
  /** `unknown`: the viewer may no longer see the space. */
  state: 'scheduled' | 'current' | 'ended' | 'unknown'
  /** When it ended, if it has. */
  endedAt: Date | null
  /** Whether the space is gone, and with it what the approval gave. */
  spaceIsGone: boolean
  /** Null: it has ended, hasn’t begun, or the viewer may not know. */
  onCluster: OnCluster | null
}

/** A request in full: for its requester, and for those who decide. */
export type RequestDetail = RequestRow & {
  isOwn: boolean
  /** The requester's role in the space, before and after an approval; of an open request. */
  before: Role | null
  after: Role | null
  /** Rights on the cluster that an approval would give; of a closed request, those that the role has. */
  gained: GainedRight[]
  risks: Risk[]
  /** The limits of policy that an open request exceeds now. */
  excess: Excess[]
  /** Whether the viewer can open the space that it is about, or that it led to. */
  opensSpace: boolean
  /** For those who may decide now. */
  context: DecisionContext | null
  /** Of an approved request. */
  made: Made | null
  /** Of a closed request of somebody else: the oldest that waits for the viewer, and how many do, at most 100. */
  next: { id: string; waiting: number } | null
  approvals: Approvals
  mayDecide: boolean
  mayWithdraw: boolean
  /** Whether the viewer may decide once they have activated their role. */
  mayActivate: boolean
}

/** A request for a larger size of a space that waits. */
export type WaitingSize = {
  size: Size
  by: string
  createdAt: Date
  /** Of one’s own; others’ are no page for whoever looks. */
  id: string | null
}

/** Counts of open requests. */
export type RequestsOverview = {
  /** Requests that wait for anybody’s decision, and since when the oldest one does. */
  waiting: number
  oldestAt: Date | null
  /** Of them, those that wait for a day. */
  waitingForADay: number
  /** Of them, those that wait for the reader, counted up to 100. */
  forYou: number
}
