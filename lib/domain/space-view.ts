import type { Role, Standing } from './role.ts'
import type { Size } from './size.ts'
import type { QuotaUsage } from './space-inside.ts'
import type { SpaceStatus, Step } from './space-status.ts'

/** A space in a list. `standing` is that of the person who asks; null: a platform admin who is not in it. */
export type SpaceRow = {
  id: string
  name: string
  cluster: string
  namespace: string
  description: string
  size: Size
  status: SpaceStatus
  standing: Standing | null
  owner: { handle: string; name: string }
  createdAt: Date
  endsAt: Date | null
  usage: QuotaUsage[]
}

export const spaceSorts = ['name', 'created', 'ends'] as const
export type SpaceSort = (typeof spaceSorts)[number]

export type SpaceQuery = {
  search?: string | undefined
  status?: SpaceStatus | undefined
  role?: Standing | undefined
  /** An owner's handle, or `me`. */
  owner?: string | undefined
  sort?: SpaceSort | undefined
  descending?: boolean | undefined
  page?: number | undefined
}

/** `total` stops counting at `totalBound`; equal to it means "at least". */
export type SpacePage = { rows: SpaceRow[]; page: number; pageSize: number; total: number; totalBound: number }

/** One space, as the person who asks may know it. */
export type SpaceDetail = SpaceRow & {
  steps: Step[]
  failure: { code: string; message: string } | null
  requestId: string | null
  reconciledAt: Date | null
  /** Whether nothing is known to be wrong with the cluster's admission policies. */
  fencesHold: boolean
  /** What is wanted has not been seen on the cluster yet. */
  changing: boolean
}

export type GrantView = {
  id: string
  principal:
    | { kind: 'user'; handle: string; name: string; email: string }
    /** `issuer` null: of the configured provider */
    | { kind: 'group'; name: string; issuer: string | null; people: number }
  role: Role
  startsAt: Date
  endsAt: Date | null
  /** Whether it came by an approved request. */
  byRequest: boolean
  /** Whether a platform admin gave it, who holds nothing here that it could come from. */
  byOffice: boolean
  isSelf: boolean
}
