import { selectAuditIntakes } from '#lib/features/audit/db/select-audit-intakes.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns when each cluster last sent audit events, for auditors and platform admins */
export const listAuditIntakes = viewPlatform({
  permission: 'list-audit',
  input: nothing,
  read: ({ ctx }) => selectAuditIntakes(ctx.pool, ctx.clusters.names),
})
