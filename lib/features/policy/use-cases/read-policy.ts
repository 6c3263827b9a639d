import { z } from 'zod'
import { selectUnstaffed } from '#lib/features/policy/db/policy-effects.ts'
import { selectPushedGroupsOf } from '#lib/features/policy/db/select-pushed-groups-of.ts'
import { policyDifferences } from '#lib/features/policy/model/policy-difference.ts'
import type { PolicyDetail } from '#lib/features/policy/model/policy-view.ts'
import { selectPolicyVersions } from '#lib/kernel/db/policy/select-policy-versions.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { decidingGroups, uniqueGroups } from '#lib/kernel/model/policy/approval-rules.ts'
import { parsePolicyRules } from '#lib/kernel/model/policy/parse-policy.ts'

const pageSize = 20
/** A number that a version can have. */
export const versionNumber = z.int().min(1).max(2_147_483_646)

const readPolicyInput = z.strictObject({
  /** The older version to show. */
  version: versionNumber.optional(),
  /** The history continues below this number. */
  before: versionNumber.optional(),
})

/** @returns the current rules, a page of earlier versions, and the rules of an older one */
export const readPolicy = viewPlatform({
  permission: 'read-policy',
  input: readPolicyInput,
  read: async function readReadPolicy({ ctx, input: { version, before } }): Promise<PolicyDetail> {
    // One more than a page, since the last version is compared with the one below it.
    const [page, [newest], [asked]] = await Promise.all([
      selectPolicyVersions(ctx.pool, { before, take: pageSize + 1 }),
      before === undefined ? [] : selectPolicyVersions(ctx.pool, { take: 1 }),
      version === undefined ? [] : selectPolicyVersions(ctx.pool, { before: version + 1, take: 1 }),
    ])
    const current = before === undefined ? page[0] : newest
    const { configuredRules } = ctx
    const rules = current ? parsePolicyRules(current.rules) : configuredRules
    const { pushedPrivilegedGroups: listed } = ctx.policy
    const deciding = decidingGroups(rules)
    const unlisted = [...deciding, ...rules.exemptGroups].filter(({ group }) => !listed.includes(group))
    const [unstaffed, pushedUnlisted] = await Promise.all([
      selectUnstaffed(ctx.pool, deciding, { issuers: ctx.issuers, listed }),
      selectPushedGroupsOf(ctx.pool, uniqueGroups(unlisted)),
    ])
    const rows = page.map(({ rules, ...row }) => ({ ...row, rules: parsePolicyRules(rules) }))
    return {
      number: current?.number ?? 0,
      rules,
      unstaffed,
      pushedUnlisted,
      issuer: ctx.issuer,
      older: asked && asked.number === version ? { number: version, rules: parsePolicyRules(asked.rules) } : null,
      versions: rows.slice(0, pageSize).map(({ rules, ...row }, at) => ({
        ...row,
        differences: policyDifferences(rows[at + 1]?.rules ?? configuredRules, rules, ctx.issuer),
      })),
      next: page.length > pageSize ? (page[pageSize - 1]?.number ?? null) : null,
    }
  },
})
