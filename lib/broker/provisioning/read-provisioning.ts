import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { tokenRules } from '#lib/broker/use-case/token-rules.ts'
import { countProvisioned } from '#lib/db/count-provisioned.ts'
import { findFreeze } from '#lib/db/provisioning-freeze.ts'
import { selectTokenRequests } from '#lib/db/scim-token-requests.ts'
import { selectScimTokens } from '#lib/db/select-scim-tokens.ts'
import type { ProvisioningView } from '#lib/domain/provisioning-view.ts'

const maxTokens = 20

/** @returns the provisioning tokens, the newest of those that ended included, open requests for one, and how much is provisioned */
export const readProvisioning = viewPlatform({
  permission: 'list-provisioning-tokens',
  input: nothing,
  async read({ ctx }): Promise<ProvisioningView> {
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
