/**
 * Keeps provisioning from removing the last platform admin who isn't a maker of the token. Otherwise its holder or
 * makers could be the only ones left to decide.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { holdOtherAdmin } from '#lib/kernel/db/people/admins.ts'
import { selectActiveAdmins } from '#lib/kernel/db/people/role-holders.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { ProvisioningChange } from './context.ts'
import { nameOf, notifyPeople } from './notify-people.ts'

const attempts = 20
const pauseMs = 50

/**
 * Call it at the end of a change that takes the role from platform admins.
 * @throws AppError scim_last_admin; scim_busy if others are changing every admin who would remain
 */
export async function keepAnAdmin(ctx: ProvisioningChange, tx: Tx): Promise<void> {
  const admins = { tokenId: ctx.provisioner.tokenId, issuers: ctx.issuers }
  for (let attempt = 1; ; attempt++) {
    const found = await holdOtherAdmin(tx, admins)
    if (found === 'held') return
    if (found === 'none') throw new AppError('scim_last_admin')
    if (attempt === attempts) throw new AppError('scim_busy')
    await delay(pauseMs)
  }
}

/** Notifies platform admins about those whom provisioning would have removed, once a day for each. */
export async function notifyAdminKept(ctx: ProvisioningChange): Promise<void> {
  const day = ctx.clock().toISOString().slice(0, 10)
  await inTransaction(ctx.db, async (tx) => {
    const to = await selectActiveAdmins(tx, ctx.issuers)
    for (const [id, person] of ctx.lostAdmins)
      await notifyPeople(
        ctx,
        tx,
        { kind: 'admin-kept', person: nameOf(person) },
        { to, dedupeKey: `admin-kept:${id}:${day}` },
      )
  })
}
