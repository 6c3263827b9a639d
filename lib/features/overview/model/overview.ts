import type { FenceState } from '#lib/features/clusters/model/fence-state.ts'
import type { TrailResult } from '#lib/kernel/model/audit/trail-check.ts'
import type { RequestsOverview } from '#lib/kernel/model/requests/request-view.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** Spaces that aren't deleted. */
export type SpacesOverview = {
  total: number
  byStatus: Partial<Record<SpaceStatus, number>>
  bySize: Partial<Record<Size, number>>
  /** As defined in lib/kernel/model/spaces/ending.ts. */
  endingSoon: number
  /** The people who own the most, at most `maxOwners`. */
  owners: { handle: string; name: string; spaces: number }[]
}

/** Amounts of a resource in base units. */
export type Share = { used: number; hard: number }

export type ClusterOverview = {
  name: string
  fences: FenceState
  /** Faults of the admission policies, and unexpected permissions. */
  faults: number
  rights: number
  /** When the admission policies were last verified to be in force. */
  provedAt: Date | null
  spaces: number
  /** What its spaces used of their quotas at the last sample; null: too long ago. */
  usage: { cpu: Share; memory: Share; pods: Share } | null
}

/** Kubeconfig credentials that are neither expired nor revoked. */
export type CredentialsOverview = { active: number; expiring: number; unused: number }

/** `unproven`: offboarded, but the clusters haven't confirmed it. */
export type PeopleOverview = { active: number; signedIn: number; deactivated: number; unproven: number }

export type TrailOverview = {
  verdict: 'unverified' | Extract<TrailResult, 'holds' | 'broken'>
  findings: number
  /** Events have waited more than a minute for a block. */
  isLate: boolean
}

/** Spaces in which the reader has a role: how many need attention, and how many of those they own end soon. */
export type OwnSpaces = { attention: number; endingSoon: number }

/** Totals of the whole portal, limited to the lists the reader may open. */
export type Overview = {
  readAt: Date
  own: OwnSpaces
  credentials: CredentialsOverview
  people: PeopleOverview
  trail: TrailOverview
  /** Null for readers who may not list all spaces and requests. */
  forAdmins: {
    spaces: SpacesOverview
    requests: RequestsOverview
    clusters: ClusterOverview[]
    /** A use of the break-glass account that no admin has acknowledged. */
    breakGlassUse: { handle: string } | null
  } | null
}

export const maxOwners = 5
/** In days, as in the list of credentials. */
export const expiringDays = 1
export const unusedDays = 30
