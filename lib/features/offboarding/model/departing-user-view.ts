import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** What somebody owns and may, before they are offboarded. */
export type DepartingUserView = {
  person: PersonFacts
  isOffboarded: boolean
  spaces: DepartingUserSpace[]
  /** Accounts that may be theirs too. */
  accounts: AccountOfDepartingUser[]
  /** They own more spaces than fit into one act. */
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
  /** Where they sign in with it, as it is called. */
  provider: string
  /** It is the account of the person who looks: nobody offboards themselves. */
  isOwn: boolean
  spaces: DepartingUserSpace[]
}
