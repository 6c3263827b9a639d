import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { findNotice } from '#lib/db/find-notice.ts'
import { markNoticeSeen } from '#lib/db/mark-notice-seen.ts'

export const dismissNoticeInput = z.strictObject({ id: z.uuid() })

/** Marks one of one's own notices as seen. It stays in the trail. @throws AppError not_found */
export const dismissNotice = changeFound({
  by: { permission: 'dismiss-notice' },
  action: 'notice.dismiss',
  kind: 'notice',
  input: dismissNoticeInput,
  find: (db, ctx, id) => findNotice(db, ctx.actor.userId, id),
  prepare({ ctx, found, input: { id }, about }) {
    about({ spaceId: found.spaceId })
    return {
      async write({ tx, undo }) {
        if (!(await markNoticeSeen(tx, ctx.actor.userId, id, ctx.clock()))) undo()
      },
      already: undefined,
    }
  },
})
