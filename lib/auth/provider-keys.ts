import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { boundedFetch } from './bounded-fetch.ts'

/** How often the keys are asked for at most, whoever sends tokens with key ids that nobody knows. */
const cooldownMs = 1_000
/** How long keys are used without asking again. */
const freshMs = 10 * 60_000

const keySets = new Map<string, JWTVerifyGetKey>()

/**
 * The keys that the provider signs with. They are asked for again as soon as a token names one that is not known, so that
 * a new key works at once; not more than once in a second.
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
      // The keys were read a moment ago: a key that is newer than that is there in the next moment.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !fetchedBefore) throw error
      await sleep(cooldownMs)
      return keys(header, token)
    }
  }
  keySets.set(uri, patient)
  return patient
}
