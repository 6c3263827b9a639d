import { z } from 'zod'
import { pageNumber } from '#lib/kernel/model/page-number.ts'
import { type SpaceFilter, type SpaceQuery, spaceFilter, spaceOrder } from '#lib/kernel/model/spaces/space-query.ts'
import { pageParam, type SearchParams, textParam, validParam } from './search-params.ts'

const filters = spaceFilter.shape
const { sort } = spaceOrder.shape

/** @returns the list's query from its URL; invalid values are ignored */
export const readSpaceQuery = (params: SearchParams): SpaceQuery => ({
  ...filtersOf(params),
  sort: validParam(params, 'sort', sort),
  descending: textParam(params, 'order') === 'desc',
  page: pageParam(params),
})

const filtersOf = (params: SearchParams): SpaceFilter => ({
  search: validParam(params, 'search', filters.search),
  status: validParam(params, 'status', filters.status),
  health: validParam(params, 'health', filters.health),
  role: validParam(params, 'role', filters.role),
  owner: validParam(params, 'owner', filters.owner),
  group: validParam(params, 'group', filters.group),
  issuer: validParam(params, 'issuer', filters.issuer),
  size: validParam(params, 'size', filters.size),
  cluster: validParam(params, 'cluster', filters.cluster),
  ends: validParam(params, 'ends', filters.ends),
  managed: validParam(params, 'managed', filters.managed),
})

const digits = z.string().regex(/^\d+$/, 'Enter a page number.').transform(Number)

const address = spaceFilter.extend({
  sort,
  order: z.enum(['asc', 'desc']).optional(),
  page: digits.pipe(pageNumber).optional(),
})

/** The parameters of the list's URL. */
export const spaceParams = address.keyof().options

/** Like readSpaceQuery, for requests of only the rows: invalid values are refused. */
export const readSpaceRowsQuery = address.transform(
  ({ order, ...query }): SpaceQuery => ({ ...query, descending: order === 'desc' }),
)

/** Like readSpaceRowsQuery, for the whole list as a file. */
export const readSpaceExport = address
  .omit({ page: true })
  .transform(({ order, ...query }) => ({ ...query, descending: order === 'desc' }))
