import type { AccountOfDepartingUser, DepartingUserSpace } from '#lib/features/offboarding/model/departing-user-view.ts'
import type { OtherAccount } from '#lib/kernel/model/people/other-account.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** A departing user's space, as data for the browser. */
export type SpaceChoice = {
  id: string
  name: string
  /** Null: the default cluster. */
  cluster: string | null
  /** Its contents, in words. */
  holds: string
  members: number
  /** Its last day, if it has one: `2026-12-31`. */
  lastDay: string | null
}

/** An account that may belong to the same person, as data for the browser. */
export type AccountChoice = Pick<OtherAccount, 'id' | 'handle' | 'name' | 'email' | 'by' | 'deactivated'> & {
  provider: string
  isOwn: boolean
  spaces: SpaceChoice[]
}

/** The exception for one space. `to`: the new owner's handle, empty until one is chosen, with the name. */
export type Exception = { kind: 'hand-over' | 'delete'; to: string; toName: string; endsAt: string }
/** The earliest and latest date that can be chosen: `2026-12-31`. */
export type Days = { min: string; max: string }

/** Resources that show how much would be lost, with their units. */
const listedResources: readonly [resource: string, unit: string][] = [
  ['pods', ' pods'],
  ['requests.cpu', ' CPU'],
  ['requests.memory', ' memory'],
  ['persistentvolumeclaims', ' volumes'],
  ['requests.storage', ' storage'],
]

/** @returns what a space contains, as last observed: `3 pods, 500m CPU, 2Gi memory` */
function contentsOf(usage: readonly QuotaUsage[]): string {
  if (usage.length === 0) return 'Not observed yet'
  const used = new Map(usage.map((each) => [each.resource, each.used]))
  const parts = listedResources.flatMap(([resource, unit]) => {
    const amount = used.get(resource) ?? '0'
    return amount === '0' ? [] : [`${amount}${unit}`]
  })
  return parts.join(', ') || 'No pods or volumes'
}

/** @returns a space as the form needs it */
export const toSpaceChoice = (
  { id, name, cluster, usage, members, endsAt }: DepartingUserSpace,
  defaultCluster: string,
): SpaceChoice => ({
  id,
  name,
  cluster: cluster === defaultCluster ? null : cluster,
  holds: contentsOf(usage),
  members,
  lastDay: endsAt?.toISOString().slice(0, 10) ?? null,
})

/** @returns an account as the form needs it */
export const toAccountChoice = (
  { id, handle, name, email, by, deactivated, provider, isOwn, spaces }: AccountOfDepartingUser,
  defaultCluster: string,
): AccountChoice => ({
  ...{ id, handle, name, email, by, deactivated, provider, isOwn },
  spaces: spaces.map((space) => toSpaceChoice(space, defaultCluster)),
})
