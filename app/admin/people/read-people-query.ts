import { type SearchParams, validParam } from '#app/search-params.ts'
import { type PeopleQuery, peopleQuery } from '#lib/kernel/model/people/people-query.ts'

const { search, state, group, after } = peopleQuery.shape

/** @returns the list's query in the URL; invalid values are ignored */
export const readPeopleQuery = (params: SearchParams): PeopleQuery => ({
  search: validParam(params, 'search', search),
  state: validParam(params, 'state', state),
  group: validParam(params, 'group', group),
  after: validParam(params, 'after', after),
})

/** The query parameters of the list. */
export const peopleParams = peopleQuery.keyof().options
