import type { FenceState } from '#lib/features/clusters/model/fence-state.ts'
import type { TrailResult } from '#lib/kernel/model/audit/trail-check.ts'
import type { RequestsOverview } from '#lib/kernel/model/requests/request-view.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** Spaces that aren’t deleted. */
export type SpacesOverview = {
  total: number
  byStatus: Partial<Record<SpaceStatus, number>>
  bySize: Partial<Record<Size, number>>
  /** As lib/kernel/model/spaces/ending.ts says. */
  endingSoon: number
  /** Who owns most, at most `maxOwners` people. */
  owners: { handle: string; name: string; spaces: number }[]
}

/** Amounts of a resource in base units. */
export type Share = { used: number; hard: number }

export type ClusterOverview = {
  name: string
  fences: FenceState
  /** How many faults the admission policies have, and how many rights are there that Spaceport didn’t give. */
  faults: number
  rights: number
  /** When the admission policies were last proved to be in force, all of them. */
  provedAt: Date | null
  spaces: number
  /** What its spaces used of their quotas when that was last sampled; null: that was too long ago. */
  usage: { cpu: Share; memory: Share; pods: Share } | null
}

/** Kubeconfigs’ credentials that have neither expired nor been revoked. */
export type CredentialsOverview = { active: number; expiring: number; unused: number }

/** `unproven`: offboarded, and the certificate is still open. */
export type PeopleOverview = { active: number; signedIn: number; deactivated: number; unproven: number }

export type TrailOverview = {
  verdict: 'unverified' | Extract<TrailResult, 'holds' | 'broken'>
  findings: number
  /** Events have waited for a block for more than a minute. */
  isLate: boolean
}

/** What there is in the whole portal, as far as the reader may open the lists behind it. */
export type Overview = {
  readAt: Date
  credentials: CredentialsOverview
  people: PeopleOverview
  trail: TrailOverview
  /** Null: the reader lists neither all spaces nor all requests. */
  forAdmins: {
    spaces: SpacesOverview
    requests: RequestsOverview
    clusters: ClusterOverview[]
    /** Whose use of the break-glass account no admin has acknowledged. */
    breakGlassUse: { handle: string } | null
  } | null
}

export const maxOwners = 5
/** In days, as the list of credentials takes them. */
export const expiringDays = 1
export const unusedDays = 30
