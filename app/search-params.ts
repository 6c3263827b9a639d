/** A page's search parameters, as Next gives them. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

const maxPage = 1_000

/** @returns a parameter's text: the first if it is repeated, undefined if blank; NUL is removed */
export function textParam(params: SearchParams, name: string): string | undefined {
  const given = params[name]
  return (Array.isArray(given) ? given[0] : given)?.replaceAll('\0', '').trim() || undefined
}

/** @returns which of these values a parameter has, if any */
export const oneOfParam = <T extends string>(
  params: SearchParams,
  name: string,
  values: readonly T[],
): T | undefined => {
  const text = textParam(params, name)
  return values.find((value) => value === text)
}

/** @returns the page number in a parameter; 1 for anything invalid */
export function pageParam(params: SearchParams, name = 'page'): number {
  const page = Number(textParam(params, name))
  return Number.isInteger(page) && page >= 1 && page <= maxPage ? page : 1
}

/** @returns the `seq` that a page of the trail starts after; undefined for anything invalid */
export function beforeParam(params: SearchParams): string | undefined {
  const before = textParam(params, 'before')
  return before && /^\d{1,18}$/.test(before) ? before : undefined
}
