/** The optional columns of the list of spaces, in order; the name is always shown. */
export const spaceColumns = ['status', 'role', 'size', 'usage', 'owner', 'cluster', 'created', 'ends', 'used'] as const
export type SpaceColumn = (typeof spaceColumns)[number]

const usual: readonly SpaceColumn[] = ['status', 'role', 'size', 'usage', 'owner', 'created', 'ends']

/** The cookie with a person’s choice. The browser sets it; it affects columns only. */
export const columnsCookie = 'spaceport-columns'

/** @returns the columns in a cookie’s value; the defaults without a value */
export function parseColumns(text: string | undefined): readonly SpaceColumn[] {
  if (text === undefined) return usual
  const named = new Set(text.split('.'))
  return spaceColumns.filter((column) => named.has(column))
}

/** @returns a choice as a cookie value */
export const writeColumns = (columns: readonly SpaceColumn[]): string => ['name', ...columns].join('.')
