import { LRUCache } from 'lru-cache'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { hashTokenHex, parseBearer } from '#lib/kernel/credentials/token.ts'
import type { Access } from './access.ts'
import type { AccessCache } from './access-cache.ts'
import type { FailureLimit } from './failure-limit.ts'
import type { PatientLookUp } from './patient-look-up.ts'

const maxKnown = 20_000

export type AuthenticatedCaller = {
  readonly hash: string
  readonly access: Access
  /** The number of notifications when `access` was looked up. */
  readonly epoch: number
}
/** Synchronous for a cached credential. */
export type Authenticate = (
  authorization: string | undefined,
  source: string,
) => AuthenticatedCaller | Promise<AuthenticatedCaller>

/**
 * Finds the owner of a credential; its validity is decided later, with everything else that depends on the clock. From
 * a source with too many failures, credentials not seen valid before are looked up in slow batches, so an attacker
 * behind a shared address costs Postgres little and locks no one out.
 * @throws (from the result) GatewayRefusal no_credential, unknown_credential, too_many_failures, database_unavailable
 */
export function createAuthenticate(
  cache: AccessCache,
  failures: FailureLimit,
  lookUpPatiently: PatientLookUp,
  portalUrl: string,
): Authenticate {
  const known = new LRUCache<string, true>({ max: maxKnown })

  async function lookUp(hash: string, source: string): Promise<Access | undefined> {
    const unknown = known.has(hash) ? undefined : await failures.begin(source)
    try {
      return await cache.read(hash, unknown?.exceeded ? lookUpPatiently : undefined)
    } finally {
      unknown?.over()
    }
  }

  async function fail(source: string, key: 'no_credential' | 'unknown_credential', why: string): Promise<never> {
    await failures.check(source)
    await failures.count(source)
    throw new GatewayRefusal(key, 401, `${why}; get one at ${portalUrl}/credentials`)
  }

  async function authenticateLater(hash: string, source: string): Promise<AuthenticatedCaller> {
    const epoch = cache.epoch()
    const access = await lookUp(hash, source)
    if (!access) return fail(source, 'unknown_credential', 'unknown credential')
    known.set(hash, true)
    return { hash, access, epoch }
  }

  return (authorization, source) => {
    if (authorization === undefined) return fail(source, 'no_credential', 'the request has no credential')
    const token = parseBearer(authorization)
    if (token === undefined) return fail(source, 'unknown_credential', 'this is not a Spaceport credential')
    const hash = hashTokenHex(token)
    const access = cache.peek(hash)
    if (access === null) return authenticateLater(hash, source)
    if (!access) return fail(source, 'unknown_credential', 'unknown credential')
    known.set(hash, true)
    return { hash, access, epoch: cache.epoch() }
  }
}
