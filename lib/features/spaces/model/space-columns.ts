/** The columns of the list of spaces that can be chosen, in their order; the name is always there. */
export const spaceColumns = ['status', 'role', 'size', 'usage', 'owner', 'cluster', 'created', 'ends', 'used'] as const
export type SpaceColumn = (typeof spaceColumns)[number]

const usual: readonly SpaceColumn[] = ['status', 'role', 'size', 'usage', 'owner', 'created', 'ends']

/** The cookie with a person’s choice. The browser sets it; it decides about columns and about nothing else. */
export const columnsCookie = 'spaceport-columns'

/** @returns the columns that a cookie’s value names; the usual ones without a value */
export function parseColumns(text: string | undefined): readonly SpaceColumn[] {
  if (text === undefined) return usual
  const named = new Set(text.split('.'))
  return spaceColumns.filter((column) => named.has(column))
}

/** @returns a choice as the cookie has it */
export const writeColumns = (columns: readonly SpaceColumn[]): string => ['name', ...columns].join('.')
