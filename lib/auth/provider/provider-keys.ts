import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { boundedFetch } from './bounded-fetch.ts'

/** The shortest interval between key requests, no matter who sends tokens with unknown key ids. */
const cooldownMs = 1_000
/** How long keys are used before they are requested again. */
const freshMs = 10 * 60_000

const keySets = new Map<string, JWTVerifyGetKey>()

/**
 * The provider's signing keys. A token that names an unknown key causes a new request, so that a new key works at once;
 * at most one request per second.
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
      // The keys were read a moment ago: a newer key will be found a moment from now.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !fetchedBefore) throw error
      await sleep(cooldownMs)
      return keys(header, token)
    }
  }
  keySets.set(uri, patient)
  return patient
}
