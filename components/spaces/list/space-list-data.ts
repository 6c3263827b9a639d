import type { Role } from '#lib/kernel/model/access/role.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { SpaceListed, SpacePage } from '#lib/kernel/model/spaces/space-view.ts'

/** A space in the list. Times are text, as in JSON. */
export type SpaceListRow = Omit<
  SpaceListed,
  'namespace' | 'usage' | 'createdAt' | 'endsAt' | 'standingEndsAt' | 'lastUsedAt' | 'later'
> & {
  standingEndsAt: string | null
  later: { role: Role; startsAt: string } | null
  createdAt: string
  lastUsedAt: string | null
  endsAt: string | null
  /** The fullest quota in words: `CPU requests`, `1.5 of 4 CPUs`; null: unknown. */
  fullest: { label: string; text: string; ratio: number } | null
  /** Its contents at the last count; storage in bytes. Null: never counted. */
  inside: { pods: number; volumes: number; storage: number } | null
}

/** A page of the list, and its query. */
export type SpaceListData = Omit<SpacePage, 'rows' | 'readAt'> & {
  query: SpaceQuery
  rows: SpaceListRow[]
  /** When it was read. */
  readAt: string
}

/** @returns whether there are more pages: beyond the total's bound, a full page means that there may be */
export const hasMore = ({ rows, page, pageSize, total, totalBound }: SpaceListData): boolean =>
  page * pageSize < total || (total >= totalBound && rows.length === pageSize)

/** @returns which rows the page shows of how many: `26–50 of 83` */
export function rangeInWords({ rows, page, pageSize, total, totalBound }: SpaceListData): string {
  const first = (page - 1) * pageSize + 1
  const all = total >= totalBound ? `at least ${totalBound}` : String(total)
  return `${first}–${first + rows.length - 1} of ${all}`
}
