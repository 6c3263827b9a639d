import { z } from 'zod'
import { countStaleGroups, countUnseen } from '#lib/features/policy/db/policy-effects.ts'
import {
  selectTriedGrants,
  selectTriedRequests,
  selectTriedSpaces,
} from '#lib/features/policy/db/select-policy-trial.ts'
import {
  checkGrant,
  checkRequest,
  checkSpace,
  type PolicyTrial,
  tryOn,
} from '#lib/features/policy/model/policy-trial.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { policyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { assertKnownIssuers } from './assert-known-issuers.ts'

const period = 30 * dayMs
/** Rows of each kind: enough for a month of most, and few enough to answer at once. */
const maxRows = 2_000

export const tryPolicyInput = z.strictObject({ rules: policyRules })

/**
 * Tries rules on the last 30 days and changes nothing: what would they have refused, or sent to approval?
 * @returns counts, and the newest of each kind. Sizes and ends are those of today, as rows keep no others
 * @throws AppError bad_input when a group's provider isn't configured
 */
export const tryPolicy = viewPlatform({
  permission: 'try-policy',
  input: tryPolicyInput,
  async read({ ctx, input: { rules } }): Promise<PolicyTrial> {
    assertKnownIssuers(ctx, rules)
    const at = ctx.clock()
    const since = new Date(at.getTime() - period)
    const window = {
      since,
      take: maxRows + 1,
      exemptGroups: rules.exemptGroups,
      listed: ctx.policy.pushedPrivilegedGroups,
    }
    const [spaces, grants, requests, pausing, unseen] = await Promise.all([
      selectTriedSpaces(ctx.pool, { ...window, spaceLimit: rules.spaceLimit }),
      selectTriedGrants(ctx.pool, window),
      selectTriedRequests(ctx.pool, window),
      rules.groupHours === null ? 0 : countStaleGroups(ctx.pool, rules.groupHours, at),
      rules.unseenDays === null ? 0 : countUnseen(ctx.pool, new Date(at.getTime() - rules.unseenDays * dayMs)),
    ])
    return {
      spaces: tryOn(spaces, (space) => checkSpace(rules, space), maxRows),
      grants: tryOn(grants, (grant) => checkGrant(rules, grant), maxRows),
      requests: tryOn(requests, (request) => checkRequest(rules, request), maxRows),
      pausing,
      unseen,
    }
  },
})
