import { z } from 'zod'
import { insertPolicyVersion } from '#lib/features/policy/db/insert-policy-version.ts'
import { policyDifferences } from '#lib/features/policy/model/policy-difference.ts'
import { selectPolicyVersions } from '#lib/kernel/db/policy/select-policy-versions.ts'
import type { Reader } from '#lib/kernel/db/run-sql.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { parsePolicyRules } from '#lib/kernel/model/policy/parse-policy.ts'
import { type PolicyRules, policyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { assertKnownIssuers } from './assert-known-issuers.ts'
import { describeChange } from './describe-change.ts'

export const changePolicyInput = z.strictObject({
  /** The version that the person saw; 0: the rules from the configuration. */
  base: z.int().min(0).max(2_147_483_646),
  rules: policyRules,
  reason: z.string().trim().min(3, 'Give a reason. It is shown in the history.').max(1_000),
})

/**
 * Saves the policy as a new version, which applies immediately. Restoring an older version saves its rules as a new
 * one.
 * @returns its number
 * @throws AppError policy_changed if the version that the person saw has been replaced; bad_input if nothing differs,
 *   or a group's provider isn't configured
 */
export const changePolicy = changePlatform({
  permission: 'change-policy',
  action: 'policy.change',
  input: changePolicyInput,
  changesPolicy: true,
  about: ({ base, reason }) => ({ target: { kind: 'policy', name: `version ${base + 1}` }, detail: { reason } }),
  prepare: async function prepareChangePolicy({ ctx, input: { base, rules, reason }, about }) {
    assertKnownIssuers(ctx, rules)
    const before = await requireNewest(ctx, ctx.pool, base)
    if (policyDifferences(before, rules, ctx.issuer).length === 0)
      throw new AppError('bad_input', { sentence: 'There are no changes to save.' })
    about({ detail: describeChange(before, rules, ctx.issuer) })
    return {
      write: async function writeChangePolicy({ tx }) {
        await requireNewest(ctx, tx, base)
        const number = base + 1
        await insertPolicyVersion(tx, { number, rules, reason, authorId: ctx.actor.userId, createdAt: ctx.clock() })
        return { number }
      },
    }
  },
})

/**
 * @returns the rules of a version if it is the newest
 * @throws AppError policy_changed, with the changes since
 */
async function requireNewest(ctx: BrokerContext, reader: Reader, base: number): Promise<PolicyRules> {
  const [newest] = await selectPolicyVersions(reader, { take: 1 })
  const rules = newest ? parsePolicyRules(newest.rules) : ctx.configuredRules
  if ((newest?.number ?? 0) === base) return rules
  // A number that never existed is forged, so there is nothing to compare.
  const [seen] = base === 0 ? [] : await selectPolicyVersions(reader, { before: base + 1, take: 1 })
  const comparable = newest && base < newest.number && (base === 0 || seen?.number === base)
  if (!comparable) throw new AppError('policy_changed')
  const changes = policyDifferences(seen ? parsePolicyRules(seen.rules) : ctx.configuredRules, rules, ctx.issuer)
    .map(({ rule, before, after }) => `${rule}: ${before} → ${after}`)
    .join('; ')
  const what = changes === '' ? 'The rules are the same as those you saw.' : `What changed: ${changes}.`
  throw new AppError('policy_changed', {
    sentence: `${newest.author.name} has saved version ${newest.number} since you opened this page. ${what} Reload the page and check it again.`,
  })
}
