import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectTrailDeliveries } from '#lib/db/select-trail-deliveries.ts'
import type { DeliveryView } from '#lib/domain/trail-delivery.ts'

/** @returns where the trail is delivered, and how far it has come there, for auditors and platform admins */
export const listDeliveries = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }): Promise<DeliveryView[]> => selectTrailDeliveries(ctx.pool),
})
