import { keyIdOf, publicJwk, readStoredKeys } from '#lib/features/audit/chain/checkpoint.ts'
import { readCheckpointKeys } from '#lib/features/audit/db/chain/read-trail-parts.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'

/**
 * The public keys that the workers signed checkpoints with, oldest first, for anybody. They come from the database, where
 * each worker leaves its own, so that web holds no key and a replaced one stays known. Whoever verifies keeps them elsewhere.
 * @returns a JWK set (RFC 7517)
 */
export async function listTrailKeys({ pool }: Pick<Services, 'pool'>): Promise<{ keys: object[] }> {
  const keys = readStoredKeys(await readCheckpointKeys(pool))
  return {
    keys: keys.map((key) => ({ ...publicJwk(key), kid: keyIdOf(key), use: 'sig', alg: 'EdDSA' })),
  }
}
