/** A page's search parameters, as Next gives them. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

const maxPage = 1_000

/** @returns a parameter's text: the first where it is repeated, none where it is blank; without NUL, which no text of ours holds */
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

/** @returns the page that a parameter names; the first for anything that is not one */
export function pageParam(params: SearchParams, name = 'page'): number {
  const page = Number(textParam(params, name))
  return Number.isInteger(page) && page >= 1 && page <= maxPage ? page : 1
}

/** @returns the `seq` of the trail that a page starts after; none for anything that is not one */
export function beforeParam(params: SearchParams): string | undefined {
  const before = textParam(params, 'before')
  return before && /^\d{1,18}$/.test(before) ? before : undefined
}
