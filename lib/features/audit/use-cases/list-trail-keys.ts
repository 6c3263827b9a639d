import { keyIdOf, publicJwk, readStoredKeys } from '#lib/features/audit/chain/checkpoint.ts'
import { readCheckpointKeys } from '#lib/features/audit/db/chain/read-trail-parts.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'

/**
 * The public keys for verifying checkpoints, oldest first, for anyone. Each worker stores its own in the database, so
 * web needs no key and replaced keys stay known. Verifiers keep their own copy.
 * @returns a JWK set (RFC 7517)
 */
export async function listTrailKeys({ pool }: Pick<Services, 'pool'>): Promise<{ keys: object[] }> {
  const keys = readStoredKeys(await readCheckpointKeys(pool))
  return {
    keys: keys.map((key) => ({ ...publicJwk(key), kid: keyIdOf(key), use: 'sig', alg: 'EdDSA' })),
  }
}
