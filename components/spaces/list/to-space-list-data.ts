import { fullestQuota, quotaLabel, quotaText } from '#components/spaces/quota-words.ts'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { SpacePage } from '#lib/kernel/model/spaces/space-view.ts'
import type { SpaceListData, SpaceListRow } from './space-list-data.ts'

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
    fullest: fullestOf(usage),
    inside: insideOf(usage),
  })),
})

function fullestOf(usage: readonly QuotaUsage[]): SpaceListRow['fullest'] {
  const fullest = fullestQuota(usage)
  return fullest && { label: quotaLabel(fullest.resource), text: quotaText(fullest), ratio: fullest.ratio }
}

function insideOf(usage: readonly QuotaUsage[]): SpaceListRow['inside'] {
  if (usage.length === 0) return null
  const amount = (resource: string) => parseQuantity(usage.find((each) => each.resource === resource)?.used ?? '0') ?? 0
  return { pods: amount('pods'), volumes: amount('persistentvolumeclaims'), storage: amount('requests.storage') }
}
