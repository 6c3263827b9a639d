import { type SpaceQuery, spaceQuery } from '#lib/domain/space-query.ts'
import { pageParam, type SearchParams, textParam, validParam } from './search-params.ts'

const { search, status, role, owner, sort } = spaceQuery.shape

/** @returns the list's query from its address; invalid values are ignored */
export const readSpaceQuery = (params: SearchParams): SpaceQuery => ({
  search: validParam(params, 'search', search),
  status: validParam(params, 'status', status),
  role: validParam(params, 'role', role),
  owner: validParam(params, 'owner', owner),
  sort: validParam(params, 'sort', sort),
  descending: textParam(params, 'order') === 'desc',
  page: pageParam(params),
})
