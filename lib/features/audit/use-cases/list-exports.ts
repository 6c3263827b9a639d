import { selectTrailExports } from '#lib/features/audit/db/trail-exports.ts'
import type { ExportView } from '#lib/features/audit/model/trail-export.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns one's own exports of the trail, newest first */
export const listExports = viewPlatform({
  permission: 'export-audit',
  input: nothing,
  read: ({ ctx }): Promise<ExportView[]> => selectTrailExports(ctx.pool, ctx.actor.userId),
})
