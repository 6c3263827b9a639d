import { setTimeout as delay } from 'node:timers/promises'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const pauseMs = 50
const maxWaiting = 1_000

export type PatientLookUp = (hash: string) => Promise<AccessRow | undefined>

/**
 * Looks up credentials from sources that send too many unknown ones. All waiting look-ups share one query at a time,
 * with a pause before each, so their number costs Postgres nothing.
 * @param list reads from Postgres
 * @returns a function that looks one up. It throws GatewayRefusal too_many_failures when too many are waiting, or the
 * error of `list`
 */
export function createPatientLookUp(list: (hashes: readonly string[]) => Promise<AccessRow[]>): PatientLookUp {
  let waiting = new Map<string, PromiseWithResolvers<AccessRow | undefined>>()
  let asking = false

  async function ask(): Promise<void> {
    asking = true
    while (waiting.size > 0) {
      await delay(pauseMs)
      const batch = waiting
      waiting = new Map()
      try {
        const rows = new Map((await list([...batch.keys()])).map((row) => [row.tokenHash, row]))
        for (const [hash, { resolve }] of batch) resolve(rows.get(hash))
      } catch (error) {
        for (const { reject } of batch.values()) reject(error)
      }
    }
    asking = false
  }

  return async (hash) => {
    const already = waiting.get(hash)
    if (already) return already.promise
    if (waiting.size >= maxWaiting)
      throw new GatewayRefusal(
        'too_many_failures',
        429,
        'too many requests without a valid credential from your address; retry in 1 s',
        { retryAfterSeconds: 1 },
      )
    const mine = Promise.withResolvers<AccessRow | undefined>()
    waiting.set(hash, mine)
    if (!asking) void ask()
    return mine.promise
  }
}
