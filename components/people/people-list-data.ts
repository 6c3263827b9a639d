import type { PeopleQuery } from '#lib/kernel/model/people/people-query.ts'
import type { PeoplePage, PersonRow } from '#lib/kernel/model/people/person-view.ts'

/** A person as data for the browser. Times are text, as in JSON. */
export type PeopleListRow = Omit<PersonRow, 'lastSeenAt'> & { lastSeenAt: string | null }

/** A page of the list, and the query that it answers. */
export type PeopleListData = { query: PeopleQuery; rows: PeopleListRow[]; next: string | null }

/** @returns a page of the list as data for the browser */
export const toPeopleListData = ({ rows, next }: PeoplePage, query: PeopleQuery): PeopleListData => ({
  query,
  rows: rows.map(({ lastSeenAt, ...row }) => ({ ...row, lastSeenAt: lastSeenAt?.toISOString() ?? null })),
  next,
})

/** @returns the list’s path for a query, with only the values that are set */
export function peoplePath({ search, state, group, after }: PeopleQuery): string {
  const set = new URLSearchParams({
    ...(search && { search }),
    ...(state && { state }),
    ...(group && { group }),
    ...(after && { after }),
  }).toString()
  return set ? `/admin/people?${set}` : '/admin/people'
}

/** @returns the path of a person’s page: the overview, unless a view is given */
export const personPath = (handle: string, view?: 'access' | 'activity'): string =>
  `/admin/people/${encodeURIComponent(handle)}${view ? `/${view}` : ''}`
