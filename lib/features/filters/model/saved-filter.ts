import type { PlatformPermission } from '#lib/kernel/model/people/permission.ts'

/** The lists with saved filters, and the permission to see each. */
export const filteredLists = {
  trail: 'list-audit',
  spaces: 'list-spaces',
  people: 'list-people',
  credentials: 'list-all-credentials',
} as const satisfies Record<string, PlatformPermission>
export type FilteredList = keyof typeof filteredLists
export const filteredListNames = Object.keys(filteredLists) as FilteredList[]

/** The parameters of a list's URL, by name. */
export type FilterQuery = Readonly<Record<string, string>>

/** A private saved filter. */
export type SavedFilter = { id: string; name: string; query: FilterQuery }

/** Per person and list. */
export const maxSavedFilters = 20
export const maxFilterName = 60

export function isSameQuery(one: FilterQuery, other: FilterQuery): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
