import type { HeldAccount } from '#lib/features/scim/db/hold-scim-user.ts'
import { isTokenMaker } from '#lib/features/scim/db/scim-tokens.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { undoProvisionedDeactivation } from '#lib/kernel/db/people/mark-person.ts'
import { enqueueReconcileForPerson } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { ProvisioningChange, ProvisioningContext } from '#lib/kernel/use-case/context.ts'
import { deactivateAndEndAccess } from '#lib/kernel/use-case/end-access.ts'
import { writeSideEffect } from '#lib/kernel/use-case/write-side-effect.ts'
import { notifyAdminsLost } from './notify-admins-lost.ts'

/**
 * Shuts a person out, whose row is held, as an admin's “Deactivate” does: sessions, credentials, bindings, open streams.
 * What they own and were given stays (docs/adr/0019-deactivation-and-unseen-people.md).
 */
export async function deactivate(ctx: ProvisioningChange, tx: Tx, account: HeldAccount, reason: string): Promise<void> {
  if (account.deactivated) return
  const { userId: id, handle, name, platformRole } = account
  const { sessions, credentials, spaces, tokens } = await deactivateAndEndAccess(ctx, tx, { id, handle, name }, reason)
  const adminsLeft = platformRole === 'admin' ? await notifyAdminsLost(ctx, tx, [{ id, name, handle }]) : null
  await writeSideEffect(ctx, tx, {
    action: 'person.deactivate',
    target: { kind: 'person', id, name: handle },
    destination: 'portal',
    detail: {
      reason,
      sessions,
      credentials,
      spaces: spaces.length,
      ...(tokens.length > 0 && { tokensStopped: tokens }),
      ...(adminsLeft !== null && { wasPlatformAdmin: true, adminsLeft }),
    },
  })
}

/**
 * Lets a person in again whom provisioning shut out, unless they had a hand in the token.
 * @throws AppError scim_shut_out if an admin deactivated or offboarded them, or it would be the token's maker
 */
export async function reactivate(ctx: ProvisioningContext, tx: Tx, account: HeldAccount): Promise<void> {
  if (!account.deactivated) return
  const { userId: id, handle } = account
  if (await isTokenMaker(tx, ctx.provisioner.tokenId, id)) throw new AppError('scim_shut_out')
  if (!(await undoProvisionedDeactivation(tx, id))) throw new AppError('scim_shut_out')
  const spaces = await enqueueReconcileForPerson(tx, id, ctx.clock())
  await writeSideEffect(ctx, tx, {
    action: 'person.reactivate',
    target: { kind: 'person', id, name: handle },
    destination: 'portal',
    detail: { spaces: spaces.length },
  })
}
