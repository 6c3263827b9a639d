import { z } from 'zod'
import { findInboxEvent, markEventRead } from '#lib/features/inbox/db/inbox-events.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'

export const markReadInput = z.strictObject({ id: z.uuid() })

/**
 * Marks one of one's own events as read. It stays in the inbox.
 * @throws AppError not_found
 */
export const markRead = changeFound({
  by: { permission: 'mark-read' },
  action: 'inbox.read',
  kind: 'event',
  input: markReadInput,
  find: (db, ctx, id) => findInboxEvent(db, ctx.actor.userId, id),
  prepare: function prepareMarkRead({ ctx, found, input: { id }, about }) {
    if (found.spaceId) about({ spaceId: found.spaceId })
    return {
      write: async function writeMarkRead({ tx, undo }) {
        if (!(await markEventRead(tx, ctx.actor.userId, id, ctx.clock()))) undo()
      },
      already: undefined,
    }
  },
})
