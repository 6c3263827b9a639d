import 'server-only'
import { listTrailKeys } from '#lib/features/audit/use-cases/list-trail-keys.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { services } from './services.ts'

/** The endpoint is public, so Postgres is queried at most once in this time, in milliseconds. */
const keptMs = 60_000

type CachedKeys = { keys: { keys: object[] }; until: number } | undefined

/** @returns the public keys of the trail's checkpoints, as a JWK set */
export async function trailKeys(): Promise<{ keys: object[] }> {
  const cache = processValue<{ last: CachedKeys }>('trail-keys', () => ({ last: undefined }))
  if (cache.last && cache.last.until > performance.now()) return cache.last.keys
  const keys = await listTrailKeys(await services())
  cache.last = { keys, until: performance.now() + keptMs }
  return keys
}
