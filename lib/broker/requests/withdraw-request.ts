import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { nameOf } from '#lib/broker/use-case/tell-people.ts'
import { closeRequest } from '#lib/db/close-request.ts'
import { findOwnRequest } from '#lib/db/find-own-request.ts'
import { ruleOf } from '#lib/domain/approval-rules.ts'
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
    const { spaceId, space } = found
    const payload = parsePayload(found.payload)
    about({ ...(spaceId && { spaceId }), detail: { request: payload } })
    const event = {
      kind: 'request-withdrawn' as const,
      request: id,
      asked: askedOf(payload, space && { name: space.name, cluster: space.cluster.name }),
      by: nameOf(ctx.actor),
    }
    return {
      async write({ tx, now }) {
        await closeRequest(tx, { id }, { state: 'withdrawn' }, ctx.clock())
        const missing = ruleOf(now.policy, payload.kind).approvals
        await tellDeciders(now, tx, event, { requestId: id, spaceId, missing })
      },
    }
  },
})
