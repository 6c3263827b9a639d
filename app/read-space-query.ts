import { findableStatuses } from '#components/spaces/list/space-search.ts'
import { standings } from '#lib/domain/role.ts'
import { type SpaceQuery, spaceSorts } from '#lib/domain/space-view.ts'
import { oneOfParam, pageParam, type SearchParams, textParam } from './search-params.ts'

/** @returns the list's query from its address; invalid values are ignored */
export const readSpaceQuery = (params: SearchParams): SpaceQuery => ({
  search: textParam(params, 'search')?.slice(0, 100),
  status: oneOfParam(params, 'status', findableStatuses),
  role: oneOfParam(params, 'role', standings),
  owner: textParam(params, 'owner')?.slice(0, 60),
  sort: oneOfParam(params, 'sort', spaceSorts),
  descending: textParam(params, 'order') === 'desc',
  page: pageParam(params),
})
