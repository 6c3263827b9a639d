import { z } from 'zod'
import { closeRequest, findOwnRequest } from '#lib/features/requests/db/request-rows.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { requestedChangeOf } from '#lib/kernel/model/inbox/event.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import { nameOf } from '#lib/kernel/use-case/notify-people.ts'
import { notifyApprovers } from './notify-approvers.ts'

export const withdrawRequestInput = z.strictObject({ id: z.uuid() })

/** Withdraws one's own open request. @throws AppError not_found, request_closed */
export const withdrawRequest = changeFound({
  by: { permission: 'withdraw-request' },
  action: 'request.withdraw',
  kind: 'request',
  input: withdrawRequestInput,
  find: (db, ctx, id) => findOwnRequest(db, ctx.actor.userId, id),
  prepare: function prepareWithdrawRequest({ ctx, found, input: { id }, about }) {
    const { spaceId, space } = found
    const payload = parsePayload(found.payload)
    about({ ...(spaceId && { spaceId }), detail: { request: payload } })
    const event = {
      kind: 'request-withdrawn' as const,
      request: id,
      asked: requestedChangeOf(payload, space && { name: space.name, cluster: space.cluster.name }),
      by: nameOf(ctx.actor),
    }
    return {
      write: async function writeWithdrawRequest({ tx, now }) {
        await closeRequest(tx, { id }, { state: 'withdrawn' }, ctx.clock())
        const missing = ruleOf(now.policy, payload.kind).approvals
        await notifyApprovers(now, tx, event, { requestId: id, spaceId, missing })
      },
    }
  },
})
