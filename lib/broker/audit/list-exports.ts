import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectTrailExports } from '#lib/db/select-trail-exports.ts'
import type { ExportView } from '#lib/domain/trail-export.ts'

/** @returns one's own exports of the trail, newest first */
export const listExports = viewPlatform({
  permission: 'export-audit',
  input: nothing,
  read: ({ ctx }): Promise<ExportView[]> => selectTrailExports(ctx.pool, ctx.actor.userId),
})
