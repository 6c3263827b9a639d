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
import { endOutsiders, letsIn } from './end-outsiders.ts'
import { notifyAdminsLost } from './notify-admins-lost.ts'

/**
 * Before any row is held: nobody gets a platform role by a sign-in in the meantime.
 * @throws AppError scim_unlisted if provisioning may not change one of the groups
 */
export async function holdRoles(ctx: ProvisioningContext, tx: Tx, names: readonly string[]): Promise<void> {
  await assertListed(ctx, tx, names)
  const [gives, lets] = [givesRole(ctx.settings, names), letsIn(ctx, names)]
  if (gives) await holdPushedGroups(tx, 'to change them')
  // Before the group’s row: an admin who removes the group is held before it, too.
  if (lets) await holdAdmins(tx, ctx.issuer)
  if (gives) await holdRoleHolders(tx, ctx.issuer, names)
}

type Change = {
  /** The provider that the groups come from, without trailing slashes. */
  issuer: string
  names: readonly string[]
  /** Names that provisioning no longer speaks for: what sign-ins said of them ends too, until they say it again. */
  givenUp: readonly string[]
  roles: RoleGroups
}

/**
 * Makes a change to who is in groups of some names, and takes along what they lose by it: rights in spaces at once, on the
 * clusters by the worker, platform roles, and sessions if they may no longer sign in. Provisioning only takes platform roles
 * away: sign-in gives them.
 * @param leftBy the people who left a group by the change
 * @returns what to tell the trail beside the change, and what the change returned
 */
export async function changeGroups<T>(
  ctx: GroupChange,
  tx: Tx,
  { issuer, names, givenUp, roles }: Change,
  change: () => Promise<T>,
  leftBy: (result: T) => readonly { id: string }[] = () => [],
): Promise<{ result: T; detail: Record<string, unknown> }> {
  const holders = givesRole(roles, names) ? await holdRoleHolders(tx, issuer, names) : []
  const result = await change()
  for (const name of givenUp) await forgetGroup(tx, issuer, name)
  const detail = holders.length > 0 ? await lowerRoles(ctx, tx, { issuer, roles, ids: holders }) : {}
  await enqueueReconcileForGroups(tx, issuer, names)
  const left = leftBy(result).map(({ id }) => id)
  const pushed = names.filter((name) => !givenUp.includes(name))
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
