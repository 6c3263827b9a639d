import { z } from 'zod'
import { findAccount } from '#lib/kernel/db/people/find-person.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { deactivateAndEndAccess } from '#lib/kernel/use-case/end-access.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'

export const deactivatePersonInput = z.strictObject({ id: z.uuid(), reason: actReason })

type DeactivationCounts = { sessions: number; credentials: number; spaces: number }

/**
 * Deactivates a person immediately: ends their sessions and revokes their credentials for good; every gateway cuts
 * their open streams, and the worker removes them from the bindings of their spaces. They keep their spaces and roles.
 * No one can deactivate themselves, so an active platform admin always remains
 * (docs/adr/0019-deactivation-and-unseen-people.md).
 * @throws AppError own_account, not_found
 */
export const deactivatePerson = changeFound({
  by: { permission: 'deactivate-person' },
  action: 'person.deactivate',
  endsAccess: true,
  kind: 'person',
  input: deactivatePersonInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare: function prepareDeactivatePerson({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    if (id === ctx.actor.userId) throw new AppError('own_account')
    const none: DeactivationCounts = { sessions: 0, credentials: 0, spaces: 0 }
    if (found.deactivatedAt) return { result: none }
    return {
      write: async function writeDeactivatePerson({ tx, undo }): Promise<DeactivationCounts> {
        const {
          wasActive,
          sessions,
          credentials,
          tokens,
          spaces: held,
        } = await deactivateAndEndAccess(ctx, tx, found, reason)
        if (!wasActive) undo()
        const spaces = held.length
        about({ detail: { sessions, credentials, spaces, ...(tokens.length > 0 && { tokensStopped: tokens }) } })
        return { sessions, credentials, spaces }
      },
      already: none,
    }
  },
})
