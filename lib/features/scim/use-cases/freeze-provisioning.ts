import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { endFreeze, insertFreeze } from '#lib/kernel/db/scim/provisioning-freeze.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

export const freezeInput = z.strictObject({ reason: actReason })

/**
 * Freezes provisioning. From its commit on, every change by a token is refused, including changes in progress; reads
 * still work. Notifies all platform admins.
 */
export const freezeProvisioning = changePlatform({
  permission: 'freeze-provisioning',
  action: 'provisioning.freeze',
  input: freezeInput,
  endsAccess: true,
  about: ({ reason }) => ({ detail: { reason } }),
  prepare: ({ ctx, input: { reason } }) => ({
    write: async function writeFreezeProvisioning({ tx, now, undo }): Promise<void> {
      const event = { kind: 'provisioning-frozen' as const, by: nameOf(now.actor), reason }
      await notifyPeople(now, tx, event, { to: await selectAdminIds(tx, now.issuers) })
      // Last, because it locks the tokens.
      const freeze = { id: randomUUID(), reason, at: ctx.clock(), byId: now.actor.userId }
      if (!(await insertFreeze(tx, freeze))) undo()
    },
    already: undefined,
  }),
})

/** Ends the freeze and notifies all platform admins. */
export const unfreezeProvisioning = changePlatform({
  permission: 'unfreeze-provisioning',
  action: 'provisioning.unfreeze',
  input: freezeInput,
  about: ({ reason }) => ({ detail: { reason } }),
  prepare: ({ ctx, input: { reason } }) => ({
    write: async function writeUnfreezeProvisioning({ tx, now, undo }): Promise<void> {
      if (!(await endFreeze(tx, { at: ctx.clock(), byId: now.actor.userId }))) undo()
      const event = { kind: 'provisioning-unfrozen' as const, by: nameOf(now.actor), reason }
      await notifyPeople(now, tx, event, { to: await selectAdminIds(tx, now.issuers) })
    },
    already: undefined,
  }),
})
