import type { SpaceFilter } from './space-query.ts'

/** @returns whether the query filters the list of spaces */
export const isFiltered = ({
  search,
  status,
  health,
  role,
  owner,
  group,
  size,
  cluster,
  ends,
  managed,
}: SpaceFilter): boolean =>
  Boolean(search || status || health || role || owner || group || size || cluster || ends || managed)
