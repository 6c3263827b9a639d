/**
 * Checks what a client sends as its provisioning token. Whatever it sends goes the same way: hashed, and looked up by the
 * hash. It must never come from a query or a cookie, and no failure may tell why.
 */
import type { Origin, ProvisioningSettings, Services } from '#lib/broker/use-case/context.ts'
import { ProvisionerContext } from '#lib/broker/use-case/provisioner-context.ts'
import { hashToken } from '#lib/credentials/token.ts'
import { findScimToken, type ScimToken, selectTokensInForce } from '#lib/db/find-scim-token.ts'
import { noteScimTokenUse } from '#lib/db/note-scim-token-use.ts'

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
  const found = await findScimToken(services.pool, hashToken(token))
  if (!found) return null
  noteUse(services, found, origin)
  return new ProvisionerContext({ ...services, origin, settings, provisioner: { tokenId: found.id, name: found.name } })
}

/** @returns the hashes of what gets in, to tell it from guesses without asking for each @see hashToken */
export const hashesInForce = ({ pool }: Services): Promise<string[]> => selectTokensInForce(pool)

/** Next to the answer: a change that commits holds the token's row. */
function noteUse({ pool, clock, log }: Services, { id, lastUsedAt }: ScimToken, origin: Origin): void {
  const at = clock()
  const before = new Date(at.getTime() - noteEveryMs)
  if (lastUsedAt && lastUsedAt > before) return
  noteScimTokenUse(pool, id, { at, before, address: origin.sourceAddress ?? null }).catch((error: unknown) =>
    log.warn({ error, requestId: origin.requestId }, 'the use of a provisioning token could not be noted'),
  )
}
