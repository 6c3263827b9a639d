import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'

/** @returns the list's address for a query, without defaults */
export function spaceListPath(query: SpaceQuery): string {
  const { search, status, health, role, owner, group, issuer, size, cluster, ends, managed, sort, descending, page } =
    query
  const set = new URLSearchParams({
    ...(search && { search }),
    ...(status && { status }),
    ...(health && { health }),
    ...(role && { role }),
    ...(owner && { owner }),
    ...(group && { group, ...(issuer && { issuer }) }),
    ...(size && { size }),
    ...(cluster && { cluster }),
    ...(ends && { ends }),
    ...(managed && { managed }),
    ...(sort && { sort }),
    ...(descending && { order: 'desc' }),
    ...(page && page > 1 && { page: String(page) }),
  }).toString()
  return set ? `/?${set}` : '/'
}

/** @returns the address of a query's CSV file */
export const spaceExportPath = (query: SpaceQuery): string =>
  `/api/admin/spaces/export${spaceListPath({ ...query, page: 1 }).slice(1)}`
