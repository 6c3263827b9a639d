import { z } from 'zod'
import {
  findBreakGlassUse,
  markBreakGlassUseAcknowledged,
} from '#lib/features/people/db/mark-break-glass-acknowledged.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'

export const acknowledgeBreakGlassUseInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Records that a platform admin has looked into a use of the break-glass account, with their finding. Ends the alarm on
 * all admins' pages. The break-glass account itself can't.
 * @throws AppError not_found
 */
export const acknowledgeBreakGlassUse = changeFound({
  by: { permission: 'acknowledge-break-glass-use' },
  action: 'break-glass-code.acknowledge',
  kind: 'break-glass-code',
  input: acknowledgeBreakGlassUseInput,
  find: (db, _ctx, id) => findBreakGlassUse(db, id),
  prepare: function prepareAcknowledgeBreakGlassUse({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id: found.usedBy.id, name: found.usedBy.handle }, detail: { reason } })
    return {
      write: async function writeAcknowledgeBreakGlassUse({ tx, undo }) {
        if (!(await markBreakGlassUseAcknowledged(tx, id, ctx.actor.userId, ctx.clock()))) undo()
      },
      already: undefined,
    }
  },
})
