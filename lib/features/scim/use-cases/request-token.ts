import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { insertTokenRequest } from '#lib/features/scim/db/scim-token-requests.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { latestTokenEnd, requestLastsMs } from '#lib/kernel/model/people/provisioning-view.ts'
import { label } from '#lib/kernel/use-case/fields.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

const name = label.min(1, 'Fill this in.')
const expiresAt = z.date('Choose a day.').min(earliest).max(latest)
export const askForTokenInput = z.strictObject({ name, expiresAt })

/**
 * Requests a provisioning token, which another platform admin has to approve. The request is open for a week.
 * @returns the id of the request
 * @throws AppError bad_input if it would expire more than a year from now; token_request_open
 */
export const askForProvisioningToken = changePlatform({
  permission: 'create-provisioning-token',
  action: 'provisioning.token-request',
  input: askForTokenInput,
  about: ({ name, expiresAt }) => ({
    target: { kind: 'provisioning-token', name },
    detail: { expiresAt: expiresAt.toISOString() },
  }),
  prepare: function prepareAskForProvisioningToken({ ctx, input: { name, expiresAt }, about }) {
    const id = randomUUID()
    about({ target: { kind: 'provisioning-token', id, name } })
    assertEnd(ctx.clock(), expiresAt)
    return {
      write: async function writeAskForProvisioningToken({ tx, now }): Promise<{ id: string }> {
        const at = now.clock()
        assertEnd(at, expiresAt)
        const lapsesAt = new Date(at.getTime() + requestLastsMs)
        const added = await insertTokenRequest(tx, { id, name, expiresAt, at, byId: now.actor.userId, lapsesAt })
        if (!added) throw new AppError('token_request_open')
        const event = {
          kind: 'token-requested' as const,
          name,
          by: nameOf(now.actor),
          expiresAt: expiresAt.toISOString(),
        }
        await notifyPeople(now, tx, event, { to: await selectAdminIds(tx, now.issuers) })
        return { id }
      },
    }
  },
})

function assertEnd(at: Date, expiresAt: Date): void {
  if (expiresAt <= at) throw new AppError('bad_input', { fields: { expiresAt: 'Choose a day in the future.' } })
  if (expiresAt > latestTokenEnd(at))
    throw new AppError('bad_input', { fields: { expiresAt: 'A token can last at most a year.' } })
}
