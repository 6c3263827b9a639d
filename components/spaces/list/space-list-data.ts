import { fullestQuota } from '#components/spaces/quota-words.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
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
  fullest: QuotaUsage | null
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

/** @returns a page with only what the list needs, because it is sent to the browser */
export const toSpaceListData = ({ rows, readAt, ...page }: SpacePage, query: SpaceQuery): SpaceListData => ({
  ...page,
  query,
  readAt: readAt.toISOString(),
  rows: rows.map(({ namespace: _, usage, createdAt, endsAt, standingEndsAt, lastUsedAt, later, ...shown }) => ({
    ...shown,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
    standingEndsAt: standingEndsAt?.toISOString() ?? null,
    later: later && { role: later.role, startsAt: later.startsAt.toISOString() },
    fullest: fullestQuota(usage),
    inside: insideOf(usage),
  })),
})

function insideOf(usage: readonly QuotaUsage[]): SpaceListRow['inside'] {
  if (usage.length === 0) return null
  const amount = (resource: string) => parseQuantity(usage.find((each) => each.resource === resource)?.used ?? '0') ?? 0
  return { pods: amount('pods'), volumes: amount('persistentvolumeclaims'), storage: amount('requests.storage') }
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
