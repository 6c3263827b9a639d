/**
 * Privileged groups decide who is a platform admin or auditor, who may sign in, who decides on requests, or who is
 * exempt from limits. A token must never change one that the operator hasn't listed.
 */

import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { selectPolicyVersions } from '#lib/kernel/db/policy/select-policy-versions.ts'
import { decidingGroups } from '#lib/kernel/model/policy/approval-rules.ts'
import { parsePolicyRules } from '#lib/kernel/model/policy/parse-policy.ts'
import type { ProvisioningContext, Services } from '#lib/kernel/use-case/context.ts'
import { givesRole, type RoleGroups } from './change-members.ts'

/**
 * The policy may change right after this check, so lib/kernel/db/people/group-member-sql.ts ignores pushes of unlisted
 * groups where it matters.
 * @param names groups that a push creates, renames, deletes, or changes the members of
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

/** @returns the names that are privileged by the configuration or the newest policy */
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
