import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { boundedFetch } from './bounded-fetch.ts'

/** The shortest interval between key requests, even if tokens with unknown key ids keep arriving. */
const cooldownMs = 1_000
/** How long fetched keys are used. */
const freshMs = 10 * 60_000

const keySets = new Map<string, JWTVerifyGetKey>()

/**
 * The provider's signing keys. An unknown key id triggers a new request, at most one per second, so that new keys work
 * at once.
 * @param uri the provider's jwks_uri
 */
export function providerKeys(uri: string): JWTVerifyGetKey {
  const known = keySets.get(uri)
  if (known) return known
  const keys = createRemoteJWKSet(new URL(uri), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: freshMs,
    [customFetch]: (url, init) => boundedFetch(url, init),
  })
  const patient: JWTVerifyGetKey = async (header, token) => {
    const fetchedBefore = keys.coolingDown
    try {
      return await keys(header, token)
    } catch (error) {
      // The keys were fetched less than a second ago; the next request can find a newer key.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !fetchedBefore) throw error
      await sleep(cooldownMs)
      return keys(header, token)
    }
  }
  keySets.set(uri, patient)
  return patient
}
