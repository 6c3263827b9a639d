import { holdOutsiders } from '#lib/features/scim/db/hold-outsiders.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { endRefusedPerson } from '#lib/kernel/db/people/end-refused-person.ts'
import type { GroupChange } from '#lib/kernel/use-case/context.ts'
import { notifyTokensStopped } from '#lib/kernel/use-case/notify-tokens-stopped.ts'
import { notifyAdminsLost } from './notify-admins-lost.ts'

/** In one change. The rest lose their sessions at the next check. */
const maxEnded = 200
const maxNamed = 50

/** @returns whether one of the groups lets people sign in, and provisioning sets its members */
export const setsSignIn = ({ signInGroups, policy }: GroupChange, names: readonly string[]): boolean =>
  names.some((name) => signInGroups.includes(name) && policy.pushedPrivilegedGroups.includes(name))

/**
 * Ends the sessions and credentials of people who left a sign-in group and are in no other, and of platform admins in
 * none. At least one active admin must remain, as when a push removes the role.
 * @param left ids of the people who left one of the groups
 * @returns details for the trail
 */
export async function endOutsiders(
  ctx: GroupChange,
  tx: Tx,
  { issuer, names, left }: { issuer: string; names: readonly string[]; left: readonly string[] },
): Promise<Record<string, unknown>> {
  if (!setsSignIn(ctx, names)) return {}
  const at = ctx.clock()
  const listed = ctx.policy.pushedPrivilegedGroups
  const outsiders = await holdOutsiders(tx, { issuer, among: left, groups: ctx.signInGroups, listed, at }, maxEnded)
  if (outsiders.length === 0) return {}
  let credentials = 0
  for (const { id } of outsiders)
    credentials += (await endRefusedPerson(tx, { id, issuer }, 'sign_in_group', at)).credentials.length
  const admins = outsiders.filter(({ platformRole }) => platformRole === 'admin')
  for (const admin of admins) await notifyTokensStopped(ctx, tx, admin)
  const adminsLeft = admins.length > 0 ? await notifyAdminsLost(ctx, tx, admins) : null
  return {
    signedOut: outsiders.slice(0, maxNamed).map(({ handle }) => handle),
    signedOutCount: outsiders.length,
    credentialsRevoked: credentials,
    ...(adminsLeft !== null && { adminsLeft }),
  }
}
