import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { spaceOf } from '#components/spaces/space-path.ts'
import { holdingCursor } from '#lib/features/access/model/access-report.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

const { name, cluster } = spaceKey.shape

/** What the page shows: one person, one space, or a search for either. */
export type AccessQuery =
  | { shows: 'person'; person: string; after: string | undefined }
  | { shows: 'space'; space: { name: string; cluster?: string }; after: string | undefined }
  | { shows: 'people'; search: string | undefined; after: string | undefined }
  | { shows: 'spaces'; search: string | undefined; after: string | undefined }

/** @returns what an address asks for; invalid values are ignored */
export function readAccessQuery(params: SearchParams): AccessQuery {
  const after = validParam(params, 'after', holdingCursor)
  const person = validParam(params, 'person', z.string().max(60))
  if (person !== undefined) return { shows: 'person', person, after }
  const space = validParam(params, 'space', name)
  if (space !== undefined)
    return { shows: 'space', space: spaceOf(space, validParam(params, 'cluster', cluster)), after }
  if (validParam(params, 'by', z.literal('space')))
    return {
      shows: 'spaces',
      search: validParam(params, 'search', name),
      after: validParam(params, 'after', z.uuid()),
    }
  return {
    shows: 'people',
    search: validParam(params, 'search', peopleQuery.shape.search),
    after: validParam(params, 'after', peopleQuery.shape.after),
  }
}
