/**
 * Authenticates provisioning tokens. Every value takes the same path: it is hashed and looked up by the hash. Tokens
 * must never come from a query or a cookie, and failures must not reveal a reason.
 */
import { noteScimTokenUse } from '#lib/features/scim/db/scim-tokens.ts'
import { hashToken } from '#lib/kernel/credentials/token.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { findScimToken, type ScimToken, selectTokensInForce } from '#lib/kernel/db/scim/find-scim-token.ts'
import { expiryNoticeMs } from '#lib/kernel/model/people/provisioning-view.ts'
import type { Origin, ProvisioningSettings, Services, SystemContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { ProvisionerContext } from './provisioner-context.ts'
import { tokenRules } from './token-rules.ts'

/**
 * Notifies the platform admins, once, that a token expires soon. Using the token triggers this, since the worker may
 * not read tokens, and an unused token needs no warning.
 */
const announceExpiry = (
  ctx: SystemContext,
  { id, name, expiresAt }: { id: string; name: string; expiresAt: Date },
): Promise<void> =>
  inTransaction(ctx.db, async (tx) => {
    const event = { kind: 'token-expiring' as const, name, expiresAt: expiresAt.toISOString() }
    await notifyPeople(ctx, tx, event, {
      to: await selectAdminIds(tx, ctx.issuers),
      dedupeKey: `token-expiring:${id}`,
    })
  })

const noteEveryMs = 60_000

/**
 * @param token the part after "Bearer" in the request
 * @returns null if the token is not active
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

/**
 * @returns the hashes of active tokens, to recognize these without a query for each guess
 * @see hashToken
 */
export const hashesInForce = (services: Services): Promise<string[]> =>
  selectTokensInForce(services.pool, tokenRules(services))

/** Not awaited with the answer: a change holds the token's row until it commits. */
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
