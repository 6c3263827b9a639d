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
  tryRules,
} from '#lib/features/policy/model/policy-trial.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { policyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { assertKnownIssuers } from './assert-known-issuers.ts'

const period = 30 * dayMs
/** Limit of rows of each kind: enough for a typical month, and few enough for a quick answer. */
const maxRows = 2_000

export const tryPolicyInput = z.strictObject({ rules: policyRules })

/**
 * Applies rules to the last 30 days without changing anything, to see what they would have refused or sent to approval.
 * @returns counts, and the newest of each kind, with their current sizes and ends, since rows don't keep former ones
 * @throws AppError bad_input if a group's provider isn't configured
 */
export const tryPolicy = viewPlatform({
  permission: 'try-policy',
  input: tryPolicyInput,
  read: async function readTryPolicy({ ctx, input: { rules } }): Promise<PolicyTrial> {
    assertKnownIssuers(ctx, rules)
    const at = ctx.clock()
    const since = new Date(at.getTime() - period)
    const window = {
      since,
      take: maxRows + 1,
      exemptGroups: rules.exemptGroups,
      listed: ctx.policy.pushedPrivilegedGroups,
    }
    const [spaces, grants, requests, suspended, unseen] = await Promise.all([
      selectTriedSpaces(ctx.pool, { ...window, spaceLimit: rules.spaceLimit }),
      selectTriedGrants(ctx.pool, window),
      selectTriedRequests(ctx.pool, window),
      rules.groupHours === null ? 0 : countStaleGroups(ctx.pool, rules.groupHours, at),
      rules.unseenDays === null ? 0 : countUnseen(ctx.pool, new Date(at.getTime() - rules.unseenDays * dayMs)),
    ])
    return {
      spaces: tryRules(spaces, (space) => checkSpace(rules, space), maxRows),
      grants: tryRules(grants, (grant) => checkGrant(rules, grant), maxRows),
      requests: tryRules(requests, (request) => checkRequest(rules, request), maxRows),
      suspended,
      unseen,
    }
  },
})
