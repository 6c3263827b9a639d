/**
 * Checks what a client sends as its provisioning token. Whatever it sends goes the same way: hashed, and looked up by the
 * hash. It must never come from a query or a cookie, and no failure may tell why.
 */

import { noteScimTokenUse } from '#lib/features/scim/db/scim-tokens.ts'
import { hashToken } from '#lib/kernel/credentials/token.ts'
import { findScimToken, type ScimToken, selectTokensInForce } from '#lib/kernel/db/scim/find-scim-token.ts'
import { expiryNoticeMs } from '#lib/kernel/model/people/provisioning-view.ts'
import type { Origin, ProvisioningSettings, Services } from '#lib/kernel/use-case/context.ts'
import { announceExpiry } from './announce-expiry.ts'
import { ProvisionerContext } from './provisioner-context.ts'
import { tokenRules } from './token-rules.ts'

const noteEveryMs = 60_000

/**
 * @param token what follows "Bearer" in the request
 * @returns null: it isn't a token in force
 */
export async function authenticateProvisioner(
  services: Services,
  settings: ProvisioningSettings,
  { token, origin }: { token: string; origin: Origin },
): Promise<ProvisionerContext | null> {
  const found = await findScimToken(services.pool, hashToken(token), tokenRules(services))
  if (!found) return null
  noteUse(services, found, origin)
  const { id: tokenId, name, makers } = found
  return new ProvisionerContext({ ...services, origin, settings, provisioner: { tokenId, name, makers } })
}

/** @returns the hashes of what gets in, to tell it from guesses without asking for each @see hashToken */
export const hashesInForce = (services: Services): Promise<string[]> =>
  selectTokensInForce(services.pool, tokenRules(services))

/** Next to the answer: a change that commits holds the token's row. */
function noteUse(services: Services, token: ScimToken, origin: Origin): void {
  const { pool, clock, log } = services
  const at = clock()
  const before = new Date(at.getTime() - noteEveryMs)
  if (token.lastUsedAt && token.lastUsedAt > before) return
  const noted = noteScimTokenUse(pool, token.id, { at, before, address: origin.sourceAddress ?? null })
  const endsSoon = token.expiresAt.getTime() - at.getTime() <= expiryNoticeMs
  Promise.all([noted, endsSoon ? announceExpiry({ ...services, origin }, token) : undefined]).catch((error: unknown) =>
    log.warn({ error, requestId: origin.requestId }, 'the use of a provisioning token could not be noted'),
  )
}
