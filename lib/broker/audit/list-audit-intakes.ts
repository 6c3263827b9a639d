import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectAuditIntakes } from '#lib/db/select-audit-intakes.ts'

/** @returns when each cluster’s own audit last arrived, for auditors and platform admins */
export const listAuditIntakes = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }) => selectAuditIntakes(ctx.pool, ctx.clusters.names),
})
