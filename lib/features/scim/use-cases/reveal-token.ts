import { closeRevealedRequest, findTokenRequest, isActiveAdmin } from '#lib/features/scim/db/scim-token-requests.ts'
import { makeProvisioningToken } from '#lib/kernel/credentials/token.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { findAccount } from '#lib/kernel/db/people/find-person.ts'
import { insertScimToken } from '#lib/kernel/db/scim/insert-scim-token.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { tokenRequestInput } from './decide-token-request.ts'
import { tokenRules } from './token-rules.ts'

/**
 * Creates an approved provisioning token, once, for its requester. Two may be active, so that the provider can rotate
 * them. Notifies all platform admins.
 * @returns the token, shown only once: the database stores its hash
 * @throws AppError not_found, forbidden for anyone but the requester, token_request_closed, token_request_stale,
 *   provisioning_tokens, end_in_past
 */
export const revealProvisioningToken = changeFound({
  by: { permission: 'create-provisioning-token' },
  action: 'provisioning.token-create',
  kind: 'provisioning-token',
  input: tokenRequestInput,
  find: (db, _ctx, id) => findTokenRequest(db, id),
  holds: ({ approvedById }) => ({ people: approvedById === null ? [] : [approvedById], spaceId: null }),
  prepare: function prepareRevealProvisioningToken({ ctx, found, input: { id }, about }) {
    const { name, expiresAt } = found
    about({ target: { kind: 'provisioning-token', id, name }, detail: { expiresAt: expiresAt.toISOString() } })
    if (found.askedById !== ctx.actor.userId)
      throw new AppError('forbidden', { sentence: 'Only the person who asked for this token can reveal it.' })
    const { token, hash } = makeProvisioningToken(ctx.randomBytes)
    return {
      write: async function writeRevealProvisioningToken({
        tx,
        now,
        found: held,
      }): Promise<{ id: string; token: string }> {
        const at = now.clock()
        const { approvedById } = held
        // The row of an admin who approves at this moment is not locked yet.
        if (approvedById === null || approvedById !== found.approvedById) throw new AppError('token_request_closed')
        if (!(await isActiveAdmin(tx, approvedById, tokenRules(now)))) throw new AppError('token_request_stale')
        if (expiresAt <= at) throw new AppError('end_in_past')
        const byId = now.actor.userId
        if (held.closedAt !== null) throw new AppError('token_request_closed')
        const makers = [byId, approvedById]
        if (!(await insertScimToken(tx, { id, name, hash, at, expiresAt, byId, makers })))
          throw new AppError('provisioning_tokens')
        if (!(await closeRevealedRequest(tx, id, { at, byId }))) throw new AppError('token_request_closed')
        const approver = await findAccount(tx, approvedById)
        if (approver) about({ detail: { approvedBy: approver.handle } })
        const event = {
          kind: 'token-created' as const,
          name,
          by: nameOf(now.actor),
          approvedBy: approver && nameOf(approver),
          expiresAt: expiresAt.toISOString(),
        }
        await notifyPeople(now, tx, event, { to: await selectAdminIds(tx, now.issuers) })
        return { id, token }
      },
    }
  },
})
