/**
 * Checks what a client sends as its provisioning token. Whatever it sends goes the same way: hashed, and looked up by the
 * hash. It must never come from a query or a cookie, and no failure may tell why.
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
 * Announces to the platform admins, once, that a provisioning token that is used expires soon. Its use begins this: the worker
 * has no right to read tokens, and one that nobody uses is missed by nobody.
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
