import type { PlatformPermission } from '#lib/kernel/model/people/permission.ts'

/** The lists whose filters can be saved, with the right to see each. */
export const filteredLists = {
  trail: 'list-audit',
  spaces: 'list-spaces',
  people: 'list-people',
  credentials: 'list-all-credentials',
} as const satisfies Record<string, PlatformPermission>
export type FilteredList = keyof typeof filteredLists
export const filteredListNames = Object.keys(filteredLists) as FilteredList[]

/** What a filter says: the parameters of its list’s address, by name. */
export type FilterQuery = Readonly<Record<string, string>>

/** A filter that a person has saved under a name. It is theirs alone. */
export type SavedFilter = { id: string; name: string; query: FilterQuery }

/** Of one person, for one list. */
export const maxSavedFilters = 20
export const maxFilterName = 60

/** @returns whether two filters say the same, in whatever order */
export function isSameQuery(one: FilterQuery, other: FilterQuery): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
