import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { countProvisioned } from '#lib/db/count-provisioned.ts'
import { selectScimTokens } from '#lib/db/select-scim-tokens.ts'
import type { ProvisioningView } from '#lib/domain/provisioning-view.ts'

const maxTokens = 20

/** @returns the provisioning tokens, the newest of the revoked ones included, and how much is provisioned */
export const readProvisioning = viewPlatform({
  permission: 'list-provisioning-tokens',
  input: nothing,
  async read({ ctx: { pool } }): Promise<ProvisioningView> {
    const [tokens, counts] = await Promise.all([selectScimTokens(pool, maxTokens), countProvisioned(pool)])
    return { tokens, ...counts }
  },
})
