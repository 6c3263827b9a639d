import { holdOutsiders } from '#lib/features/scim/db/hold-outsiders.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { endRefusedPerson } from '#lib/kernel/db/people/end-refused-person.ts'
import type { GroupChange } from '#lib/kernel/use-case/context.ts'
import { notifyTokensStopped } from '#lib/kernel/use-case/notify-tokens-stopped.ts'
import { notifyAdminsLost } from './notify-admins-lost.ts'

/** In one change. Others lose their sessions at the next check. */
const maxEnded = 200
const maxNamed = 50

/** @returns whether one of the groups lets people sign in, and provisioning says who is in it */
export const letsIn = ({ signInGroups, policy }: GroupChange, names: readonly string[]): boolean =>
  names.some((name) => signInGroups.includes(name) && policy.pushedPrivilegedGroups.includes(name))

/**
 * After a push that says who may sign in: people who left, and platform admins, who are in none of these groups any more lose
 * their sessions and credentials at once. As long as another admin remains, as where a push takes the role.
 * @param left ids of those who left one of the groups
 * @returns what to tell the trail beside the change
 */
export async function endOutsiders(
  ctx: GroupChange,
  tx: Tx,
  { issuer, names, left }: { issuer: string; names: readonly string[]; left: readonly string[] },
): Promise<Record<string, unknown>> {
  if (!letsIn(ctx, names)) return {}
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
