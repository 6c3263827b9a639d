import { selectTrailDeliveries } from '#lib/features/audit/db/trail-deliveries.ts'
import type { DeliveryView } from '#lib/features/audit/model/trail-delivery.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns the deliveries of the trail with their progress, for auditors and platform admins */
export const listDeliveries = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }): Promise<DeliveryView[]> => selectTrailDeliveries(ctx.pool),
})
