import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** A person's spaces and access, before they are offboarded. */
export type DepartingUserView = {
  person: PersonFacts
  isOffboarded: boolean
  spaces: DepartingUserSpace[]
  /** Accounts that may belong to the same person. */
  accounts: AccountOfDepartingUser[]
  /** Whether they own more spaces than one offboarding can handle. */
  tooMany: boolean
  ownRoles: number
  groupRoles: number
  requests: number
  offersFrom: number
  offersTo: number
  /** The latest last day of a space that is deleted: `2026-12-31`. */
  latestDay: string
}

export type DepartingUserSpace = {
  id: string
  name: string
  cluster: string
  endsAt: Date | null
  members: number
  usage: QuotaUsage[]
}

export type AccountOfDepartingUser = OtherAccount & {
  /** The display name of the identity provider. */
  provider: string
  /** Whether it is the viewer's own account. No one can offboard themselves. */
  isOwn: boolean
  spaces: DepartingUserSpace[]
}
