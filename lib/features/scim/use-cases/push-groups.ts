import { holdAdmins } from '#lib/features/scim/db/hold-outsiders.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { holdPushedGroups } from '#lib/kernel/db/people/counted-claims.ts'
import { forgetGroup, holdRoleHolders, selectRoleHolders, setPlatformRole } from '#lib/kernel/db/people/role-holders.ts'
import { enqueueReconcileForGroups } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { greaterPlatformRole, type PlatformRole, platformRoleOf, platformRoles } from '#lib/kernel/model/access/role.ts'
import type { GroupChange, ProvisioningContext } from '#lib/kernel/use-case/context.ts'
import { notifyTokensStopped } from '#lib/kernel/use-case/notify-tokens-stopped.ts'
import { assertListed } from './assert-listed.ts'
import { givesRole, type RoleGroups } from './change-members.ts'
import { endOutsiders, setsSignIn } from './end-outsiders.ts'
import { notifyAdminsLost } from './notify-admins-lost.ts'

/**
 * Checks and locks what a change of groups affects. Must run before any other row is locked, so that no sign-in gives a
 * platform role in the meantime.
 * @throws AppError scim_unlisted if provisioning may not change one of the groups
 */
export async function holdRoles(ctx: ProvisioningContext, tx: Tx, names: readonly string[]): Promise<void> {
  await assertListed(ctx, tx, names)
  const [gives, lets] = [givesRole(ctx.settings, names), setsSignIn(ctx, names)]
  if (gives) await holdPushedGroups(tx, 'to change them')
  // Before the group’s row, in the order in which an admin who removes the group locks.
  if (lets) await holdAdmins(tx, ctx.issuer)
  if (gives) await holdRoleHolders(tx, ctx.issuer, names)
}

type Change = {
  /** The provider of the groups, without trailing slashes. */
  issuer: string
  names: readonly string[]
  /** Names that provisioning gives up. Stored sign-ins stop counting for them too, until the next sign-in. */
  released: readonly string[]
  roles: RoleGroups
}

/**
 * Changes the members of groups and removes what they lose: access to spaces immediately (on clusters by the worker),
 * platform roles, and sessions if they may no longer sign in. Provisioning only removes platform roles; sign-ins give
 * them.
 * @param leftBy the people who left a group in the change
 * @returns the result of the change, and details for the trail
 */
export async function changeGroups<T>(
  ctx: GroupChange,
  tx: Tx,
  { issuer, names, released, roles }: Change,
  change: () => Promise<T>,
  leftBy: (result: T) => readonly { id: string }[] = () => [],
): Promise<{ result: T; detail: Record<string, unknown> }> {
  const holders = givesRole(roles, names) ? await holdRoleHolders(tx, issuer, names) : []
  const result = await change()
  for (const name of released) await forgetGroup(tx, issuer, name)
  const detail = holders.length > 0 ? await lowerRoles(ctx, tx, { issuer, roles, ids: holders }) : {}
  await enqueueReconcileForGroups(tx, issuer, names)
  const left = leftBy(result).map(({ id }) => id)
  const pushed = names.filter((name) => !released.includes(name))
  return { result, detail: { ...detail, ...(await endOutsiders(ctx, tx, { issuer, names: pushed, left })) } }
}

const rank = (role: PlatformRole): number => platformRoles.indexOf(role)

async function lowerRoles(
  ctx: GroupChange,
  tx: Tx,
  { issuer, roles, ids }: Pick<Change, 'issuer' | 'roles'> & { ids: readonly string[] },
): Promise<Record<string, unknown>> {
  const people = await selectRoleHolders(tx, issuer, ids, ctx.policy.pushedPrivilegedGroups)
  const lowered = people
    .map((person) => ({ ...person, left: greaterPlatformRole(platformRoleOf(person.groups, roles), person.namedRole) }))
    .filter(({ left, platformRole }) => rank(left) < rank(platformRole))
  for (const [role, some] of Map.groupBy(lowered, ({ left }) => left))
    await setPlatformRole(
      tx,
      some.map(({ id }) => id),
      role,
    )
  const admins = lowered.filter(({ platformRole }) => platformRole === 'admin')
  for (const admin of admins) await notifyTokensStopped(ctx, tx, admin)
  const adminsLeft = admins.length > 0 ? await notifyAdminsLost(ctx, tx, admins) : null
  if (lowered.length === 0) return {}
  const platformRoles = Object.fromEntries(
    lowered.slice(0, 50).map(({ handle, platformRole, left }) => [handle, { before: platformRole, after: left }]),
  )
  return { platformRoles, ...(adminsLeft !== null && { adminsLeft }) }
}
