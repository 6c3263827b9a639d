import type { Standing } from '#lib/domain/role.ts'
import { type SpaceStatus, spaceStatuses } from '#lib/domain/space-status.ts'
import { type SpaceQuery, type SpaceSort, spaceSorts } from '#lib/domain/space-view.ts'

/** A page's search parameters, as Next gives them. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

/** @returns one search parameter; of a repeated one the first, of a blank one nothing; without NUL, which no text of ours holds */
export function oneParam(params: SearchParams, name: string): string | undefined {
  const given = params[name]
  return (Array.isArray(given) ? given[0] : given)?.replaceAll('\0', '').trim() || undefined
}

const standings: readonly Standing[] = ['owner', 'admin', 'editor', 'viewer']
const among = <T extends string>(values: readonly T[], text: string | undefined): T | undefined =>
  values.find((value) => value === text)

/** What may be looked for: everything but what is gone. */
export const findableStatuses: readonly SpaceStatus[] = spaceStatuses.filter((status) => status !== 'deleted')

/** @returns what the list's address asks for; what makes no sense in it is left out rather than refused */
export function readSpaceQuery(params: SearchParams): SpaceQuery {
  const page = Number(oneParam(params, 'page') ?? 1)
  return {
    search: oneParam(params, 'search')?.slice(0, 100),
    status: among(findableStatuses, oneParam(params, 'status')),
    role: among(standings, oneParam(params, 'role')),
    owner: oneParam(params, 'owner')?.slice(0, 60),
    sort: among<SpaceSort>(spaceSorts, oneParam(params, 'sort')),
    descending: oneParam(params, 'order') === 'desc',
    page: Number.isInteger(page) && page >= 1 && page <= 1000 ? page : 1,
  }
}

/** @returns the address of the list for a query; what is the default is left out of it */
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

/** @returns whether the query leaves anything out */
export const isFiltered = ({ search, status, role, owner }: SpaceQuery): boolean =>
  Boolean(search || status || role || owner)
