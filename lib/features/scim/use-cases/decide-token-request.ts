import { z } from 'zod'
import {
  approveTokenRequest,
  closeTokenRequest,
  type FoundTokenRequest,
  findTokenRequest,
  isActiveAdmin,
} from '#lib/features/scim/db/scim-token-requests.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { approvalLastsMs } from '#lib/kernel/model/people/provisioning-view.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { tokenRules } from './token-rules.ts'

export const tokenRequestInput = z.strictObject({ id: z.uuid() })

/**
 * Approves another platform admin's request for a provisioning token, which the requester can then reveal for a day.
 * The requester must still be an active platform admin and can't approve their own request.
 * @throws AppError not_found, own_request, token_request_closed, token_request_stale
 */
export const approveProvisioningToken = changeFound({
  by: { permission: 'approve-provisioning-token' },
  action: 'provisioning.token-approve',
  kind: 'provisioning-token',
  input: tokenRequestInput,
  find: (db, _ctx, id) => findTokenRequest(db, id),
  holds: ({ askedById }) => ({ people: [askedById], spaceId: null }),
  prepare: function prepareApproveProvisioningToken({ ctx, found, input: { id }, about }) {
    about({
      target: { kind: 'provisioning-token', id, name: found.name },
      detail: { expiresAt: found.expiresAt.toISOString() },
    })
    if (found.askedById === ctx.actor.userId) throw new AppError('own_request')
    return {
      write: async function writeApproveProvisioningToken({ tx, now, found: held }): Promise<void> {
        const at = now.clock()
        const lapsesAt = new Date(at.getTime() + approvalLastsMs)
        if (!(await approveTokenRequest(tx, id, { at, byId: now.actor.userId, lapsesAt })))
          throw new AppError('token_request_closed')
        if (!(await isActiveAdmin(tx, held.askedById, tokenRules(now)))) throw new AppError('token_request_stale')
        await notifyDecision(now, tx, held, 'approved')
      },
    }
  },
})

/**
 * Declines a request for a provisioning token, unless its token was revealed. The requester withdraws it the same way.
 * @throws AppError not_found, token_request_closed
 */
export const declineProvisioningToken = changeFound({
  by: { permission: 'decline-provisioning-token' },
  action: 'provisioning.token-decline',
  kind: 'provisioning-token',
  input: tokenRequestInput,
  find: (db, _ctx, id) => findTokenRequest(db, id),
  prepare: function prepareDeclineProvisioningToken({ found, input: { id }, about }) {
    about({ target: { kind: 'provisioning-token', id, name: found.name } })
    return {
      write: async function writeDeclineProvisioningToken({ tx, now, found: held }): Promise<void> {
        const isOwn = held.askedById === now.actor.userId
        const closed = { at: now.clock(), byId: now.actor.userId, as: isOwn ? 'withdrawn' : 'declined' } as const
        if (!(await closeTokenRequest(tx, id, closed))) throw new AppError('token_request_closed')
        await notifyDecision(now, tx, held, 'declined')
      },
    }
  },
})

const notifyDecision = (
  now: BrokerContext,
  tx: Tx,
  { name, askedById }: FoundTokenRequest,
  decision: 'approved' | 'declined',
): Promise<void> =>
  notifyPeople(now, tx, { kind: 'token-decided', name, decision, by: nameOf(now.actor) }, { to: [askedById] })
