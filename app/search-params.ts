import type { z } from 'zod'
import { sortedSearch } from '#components/ui/list/sorted-search.ts'
import { auditCursor } from '#lib/features/audit/model/audit-filter.ts'
import { pageNumber } from '#lib/kernel/model/page-number.ts'

export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

/** @returns the parameters with these names as text, the same as in the browser */
export const searchText = (params: SearchParams, names: readonly string[]): string =>
  sortedSearch(
    Object.entries(params).flatMap(([name, given]) =>
      [given ?? []].flat().map((value): [string, string] => [name, value]),
    ),
    names,
  )

/** @returns a parameter's text: the first if it is repeated, undefined if blank; NUL is removed */
export function textParam(params: SearchParams, name: string): string | undefined {
  const given = params[name]
  return (Array.isArray(given) ? given[0] : given)?.replaceAll('\0', '').trim() || undefined
}

/** @returns a parameter's value; undefined if the schema refuses it */
export const validParam = <T>(params: SearchParams, name: string, schema: z.ZodType<T>) =>
  schema.safeParse(textParam(params, name)).data

/** @returns the page number in a parameter; 1 for anything invalid */
export const pageParam = (params: SearchParams, name = 'page'): number =>
  pageNumber.catch(1).parse(Number(textParam(params, name)))

/** @returns the `seq` after which a page of the trail starts; undefined for anything invalid */
export const beforeParam = (params: SearchParams) => validParam(params, 'before', auditCursor)
