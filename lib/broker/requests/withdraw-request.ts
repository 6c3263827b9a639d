import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { nameOf } from '#lib/broker/use-case/tell-people.ts'
import { closeRequest } from '#lib/db/close-request.ts'
import { findOwnRequest } from '#lib/db/find-own-request.ts'
import { askedOf } from '#lib/domain/event.ts'
import { parsePayload } from '#lib/domain/parse-payload.ts'
import { tellDeciders } from './tell-deciders.ts'

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
    const { spaceId, space } = found
    const event = {
      kind: 'request-withdrawn' as const,
      request: id,
      asked: askedOf(parsePayload(found.payload), space && { name: space.name, cluster: space.cluster.name }),
      by: nameOf(ctx.actor),
    }
    return {
      async write({ tx }) {
        await closeRequest(tx, { id }, { state: 'withdrawn' }, ctx.clock())
        await tellDeciders(ctx, tx, event, spaceId)
      },
    }
  },
})
