/**
 * Groups that matter to the whole platform are pushed only if the operator lists them. Must never let a token change one
 * that isn't: who is a platform admin or an auditor, who may sign in, who decides on requests, who is held to no limit.
 */

import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { selectPolicyVersions } from '#lib/kernel/db/policy/select-policy-versions.ts'
import { decidingGroups } from '#lib/kernel/model/policy/approval-rules.ts'
import { parsePolicyRules } from '#lib/kernel/model/policy/parse-policy.ts'
import type { ProvisioningContext, Services } from '#lib/kernel/use-case/context.ts'
import { givesRole, type RoleGroups } from './change-members.ts'

/**
 * The policy may change right after: lib/kernel/db/people/group-member-sql.ts leaves pushes of unlisted groups out where it matters.
 * @param names of groups that a push creates, renames, deletes, or whose members it changes
 * @throws AppError scim_unlisted
 */
export async function assertListed(ctx: ProvisioningContext, tx: Tx, names: readonly string[]): Promise<void> {
  const unlisted = names.filter((name) => !ctx.policy.pushedPrivilegedGroups.includes(name))
  if (unlisted.length === 0) return
  const privileged = await privilegedAmong(ctx, ctx.settings, tx, unlisted)
  if (privileged.length === 0) return
  const which = privileged.map((name) => `“${name}”`).join(' and ')
  throw scimFailure(
    'scim_unlisted',
    `The group ${which} gives a platform role, lets people sign in, decides on requests or is exempt from limits. Leave it out of provisioning, or have the operator add it to SPACEPORT_PUSHED_PRIVILEGED_GROUPS.`,
  )
}

/** @returns those of the names that mean more than roles in spaces: by the configuration, or by the newest policy */
export async function privilegedAmong(
  ctx: Pick<Services, 'configuredRules' | 'issuer' | 'signInGroups'>,
  roles: RoleGroups,
  tx: Tx,
  names: readonly string[],
): Promise<string[]> {
  const [newest] = await selectPolicyVersions(tx, { take: 1 })
  const rules = newest ? parsePolicyRules(newest.rules) : ctx.configuredRules
  const named = [...decidingGroups(rules), ...rules.exemptGroups]
    .filter(({ issuer }) => issuer === ctx.issuer)
    .map(({ group }) => group)
  return names.filter((name) => givesRole(roles, [name]) || [...ctx.signInGroups, ...named].includes(name))
}
