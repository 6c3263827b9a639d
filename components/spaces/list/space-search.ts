import type { SpaceQuery } from '#lib/domain/space-query.ts'

/** @returns the list's address for a query, without defaults */
export function spaceListPath(query: SpaceQuery): string {
  const { search, status, role, owner, sort, descending, page } = query
  const set = new URLSearchParams({
    ...(search && { search }),
    ...(status && { status }),
    ...(role && { role }),
    ...(owner && { owner }),
    ...(sort && sort !== 'name' && { sort }),
    ...(descending && { order: 'desc' }),
    ...(page && page > 1 && { page: String(page) }),
  }).toString()
  return set ? `/?${set}` : '/'
}

/** @returns whether the query filters the list */
export const isFiltered = ({ search, status, role, owner }: SpaceQuery): boolean =>
  Boolean(search || status || role || owner)
