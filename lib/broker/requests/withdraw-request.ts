import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { closeRequest } from '#lib/db/close-request.ts'
import { findOwnRequest } from '#lib/db/find-own-request.ts'

export const withdrawRequestInput = z.strictObject({ id: z.uuid() })

/** Withdraws one's own open request. @throws AppError not_found, request_closed */
export const withdrawRequest = changeFound({
  by: { permission: 'withdraw-request' },
  action: 'request.withdraw',
  kind: 'request',
  input: withdrawRequestInput,
  find: (db, ctx, id) => findOwnRequest(db, ctx.actor.userId, id),
  prepare({ ctx, found, input: { id }, about }) {
    if (found.spaceId) about({ spaceId: found.spaceId })
    return { write: ({ tx }) => closeRequest(tx, { id }, { state: 'withdrawn' }, ctx.clock()) }
  },
})
