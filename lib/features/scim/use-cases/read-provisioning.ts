import { countProvisioned } from '#lib/features/scim/db/count-provisioned.ts'
import { selectTokenRequests } from '#lib/features/scim/db/scim-token-requests.ts'
import { selectScimTokens } from '#lib/features/scim/db/scim-tokens.ts'
import { findFreeze } from '#lib/kernel/db/scim/provisioning-freeze.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import type { ProvisioningView } from '#lib/kernel/model/people/provisioning-view.ts'
import { tokenRules } from './token-rules.ts'

const maxTokens = 20

/**
 * @returns the provisioning tokens including the newest inactive ones, open token requests, and the number of
 *   provisioned people and groups
 */
export const readProvisioning = viewPlatform({
  permission: 'list-provisioning-tokens',
  input: nothing,
  read: async function readReadProvisioning({ ctx }): Promise<ProvisioningView> {
    const rules = tokenRules(ctx)
    const [tokens, requests, freeze, counts] = await Promise.all([
      selectScimTokens(ctx.pool, rules, maxTokens),
      selectTokenRequests(ctx.pool, rules.at),
      findFreeze(ctx.pool),
      countProvisioned(ctx.pool, ctx.issuers),
    ])
    return { tokens, requests, freeze, ...counts }
  },
})
