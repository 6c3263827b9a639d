import { credentialParams, credentialRowsQuery } from '#app/admin/credentials/read-credential-query.ts'
import { peopleParams } from '#app/admin/people/read-people-query.ts'
import { auditParams, parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { readSpaceExport, spaceParams } from '#app/read-space-query.ts'
import type { FilteredList, FilterQuery } from '#lib/features/filters/model/saved-filter.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import { textParam } from './search-params.ts'

/** Parameters for the position in a list, which aren't filters. */
const places = ['before', 'after', 'page']

const readers: Readonly<
  Record<FilteredList, { names: readonly string[]; isReadable: (query: FilterQuery) => boolean }>
> = {
  trail: { names: auditParams, isReadable: (query) => parseAuditQuery(query, new Date()).ok },
  spaces: { names: spaceParams, isReadable: (query) => readSpaceExport.safeParse(query).success },
  people: { names: peopleParams, isReadable: (query) => peopleQuery.safeParse(query).success },
  credentials: { names: credentialParams, isReadable: (query) => credentialRowsQuery.safeParse(query).success },
}

/**
 * @param search the parameters of a list's URL, from the client
 * @returns the parameters that filter the list, as its page parses them; null if one is invalid, or none filters
 */
export function readFilter(list: FilteredList, search: string): FilterQuery | null {
  const given = new URLSearchParams(search)
  const { names, isReadable } = readers[list]
  const query: Record<string, string> = {}
  for (const name of names) {
    const text = places.includes(name) ? undefined : textParam({ [name]: given.get(name) ?? undefined }, name)
    if (text !== undefined) query[name] = text
  }
  const isUsable = Object.keys(query).length > 0 && Object.values(query).every(isPlainText) && isReadable(query)
  return isUsable ? query : null
}
