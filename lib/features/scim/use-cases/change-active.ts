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
 * Deactivates a person like an admin's “Deactivate”: ends sessions, credentials, bindings and open streams. They keep
 * their spaces and roles (docs/adr/0019-deactivation-and-unseen-people.md). Their row must be locked.
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
 * Reactivates a person whom provisioning deactivated.
 * @throws AppError scim_shut_out if an admin deactivated or offboarded them, or they are one of the token's makers
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
