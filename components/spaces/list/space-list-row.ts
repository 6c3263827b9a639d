import { fullestQuota } from '#components/spaces/quota-words.ts'
import type { QuotaUsage } from '#lib/domain/space-inside.ts'
import type { SpaceRow } from '#lib/domain/space-view.ts'

/** What the list shows of a space. */
export type SpaceListRow = Omit<SpaceRow, 'id' | 'namespace' | 'usage'> & { fullest: QuotaUsage | null }

/** @returns a space's row with only what the list needs, because rows are sent to the browser as data */
export const toListRow = ({ id: _, namespace: __, usage, ...shown }: SpaceRow): SpaceListRow => ({
  ...shown,
  fullest: fullestQuota(usage),
})
