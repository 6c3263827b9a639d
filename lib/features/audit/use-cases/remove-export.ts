import { z } from 'zod'
import { deleteTrailExport, findTrailExport } from '#lib/features/audit/db/trail-exports.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'

/** Removes one's own export with its file. One in progress is cancelled. */
export const removeExport = changeFound({
  by: { permission: 'export-audit' },
  action: 'audit.export-remove',
  kind: 'export',
  input: z.strictObject({ id: z.uuid() }),
  find: (_db, ctx, id) => findTrailExport(ctx.pool, ctx.actor.userId, id),
  prepare: ({ ctx, input: { id } }) => ({
    write: async function writeRemoveExport({ tx, undo }) {
      if (!(await deleteTrailExport(tx, ctx.actor.userId, id))) undo()
    },
    already: undefined,
  }),
})
