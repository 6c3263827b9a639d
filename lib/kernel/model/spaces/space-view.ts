import type { Role, Standing } from '#lib/kernel/model/access/role.ts'
import type { Size } from './size.ts'
import type { ShownHealth } from './space-health.ts'
import type { QuotaUsage } from './space-inside.ts'
import type { SpaceStatus, Step } from './space-status.ts'

export type LaterRole = { role: Role; startsAt: Date }

/** A space in a list. `standing` is the viewer's; null: a platform admin who is not a member. */
export type SpaceRow = {
  id: string
  name: string
  cluster: string
  namespace: string
  description: string
  size: Size
  status: SpaceStatus
  health: ShownHealth
  /** Whether its last change failed because the cluster is unreachable or busy; it is retried. */
  waitsForCluster: boolean
  standing: Standing | null
  /** When the viewer’s standing ends; null: never, or there is none. */
  standingEndsAt: Date | null
  later: LaterRole | null
  owner: { handle: string; name: string }
  createdAt: Date
  endsAt: Date | null
  usage: QuotaUsage[]
}

/**
 * A row of the list. `lastUsedAt`: by anyone with kubectl; null: never, or hidden. `declaredNamespace`: of the object
 * that declares it; null: none.
 */
export type SpaceListed = SpaceRow & { lastUsedAt: Date | null; declaredNamespace: string | null }

/** `total` stops counting at `totalBound`; if they are equal, it means "at least". */
export type SpacePage = {
  rows: SpaceListed[]
  page: number
  pageSize: number
  total: number
  /** How many of these need attention, and end soon; 0 for platform admins, whose list has other people’s spaces. */
  attention: number
  endingSoon: number
  totalBound: number
  /** The name of the owner in the filter; null: no filter, or not known to the viewer. */
  ownerName: string | null
  readAt: Date
}

export type SpaceDetail = SpaceRow & {
  steps: Step[]
  failure: { code: string; message: string } | null
  reconciledAt: Date | null
  /** Whether the cluster's admission policies have no known fault. */
  fencesHold: boolean
  /** Until when it was approved; null: no such limit. */
  approvedUntil: Date | null
  /** The desired state has not been observed on the cluster yet. */
  changing: boolean
  /** The namespace of the object on the cluster that declares it; null: none. */
  declaredNamespace: string | null
  /** Whether that object lists the members. */
  declaredMembers: boolean
  /** Namespaces in which objects declare spaces of the owner. */
  gitNamespaces: readonly string[]
}

export type GrantView = {
  id: string
  principal: /** `from` names their identity provider; null: there is one, or nobody asked. */
    | { kind: 'user'; handle: string; name: string; email: string; from?: string | null }
    /** `issuer` null: the main provider; `provider`: the id of another configured one, if the reader asked. */
    | { kind: 'group'; name: string; issuer: string | null; provider?: string | undefined; people: number }
  role: Role
  /** When it starts; null: it has started. */
  startsAt: Date | null
  endsAt: Date | null
  /** Whether it came from an approved request. */
  byRequest: boolean
  /** Whether a platform admin gave it by platform role, beyond their own access here. */
  asPlatformAdmin: boolean
  isSelf: boolean
}

/** A group with a role in `spaces` spaces. `issuer` null: the configured provider. */
export type GrantedGroup = { group: string; issuer: string | null; spaces: number }
