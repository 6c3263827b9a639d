import 'server-only'
import { listTrailKeys } from '#lib/features/audit/use-cases/list-trail-keys.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { services } from './services.ts'

/** Anybody may ask: Postgres is asked no more often than this. */
const keptMs = 60_000

type Kept = { keys: { keys: object[] }; until: number } | undefined

/** @returns the public keys of the trail's checkpoints, as a JWK set */
export async function trailKeys(): Promise<{ keys: object[] }> {
  const kept = processValue<{ last: Kept }>('trail-keys', () => ({ last: undefined }))
  if (kept.last && kept.last.until > performance.now()) return kept.last.keys
  const keys = await listTrailKeys(await services())
  kept.last = { keys, until: performance.now() + keptMs }
  return keys
}
