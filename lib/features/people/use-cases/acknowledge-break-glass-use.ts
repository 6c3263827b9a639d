import { z } from 'zod'
import { acknowledgeSealedUseRow, findSealedUse } from '#lib/features/people/db/mark-break-glass-acknowledged.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'

export const acknowledgeSealedUseInput = z.strictObject({ id: z.uuid(), reason: actReason })

/**
 * Says that a platform admin has looked into a use of the sealed account, and what they found: the alarm on the pages of
 * all admins ends. The sealed account can’t.
 * @throws AppError not_found
 */
export const acknowledgeSealedUse = changeFound({
  by: { permission: 'acknowledge-sealed-use' },
  action: 'sealed-code.acknowledge',
  kind: 'sealed-code',
  input: acknowledgeSealedUseInput,
  find: (db, _ctx, id) => findSealedUse(db, id),
  prepare({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id: found.usedBy.id, name: found.usedBy.handle }, detail: { reason } })
    return {
      async write({ tx, undo }) {
        if (!(await acknowledgeSealedUseRow(tx, id, ctx.actor.userId, ctx.clock()))) undo()
      },
      already: undefined,
    }
  },
})
