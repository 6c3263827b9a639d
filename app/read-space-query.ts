import { z } from 'zod'
import { pageNumber } from '#lib/domain/page-number.ts'
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

const digits = z.string().regex(/^\d+$/, 'Give a page’s number.').transform(Number)

const address = z.strictObject({
  ...{ search, status, role, owner, sort },
  order: z.enum(['asc', 'desc']).optional(),
  page: digits.pipe(pageNumber).optional(),
})

/** The parameters of the list's address. */
export const spaceParams = address.keyof().options

/** As readSpaceQuery, for who asks for the rows alone: invalid values are refused. */
export const readSpaceRowsQuery = address.transform(
  ({ order, ...query }): SpaceQuery => ({ ...query, descending: order === 'desc' }),
)
