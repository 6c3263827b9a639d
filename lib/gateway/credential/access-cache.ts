/**
 * Caches the access of credentials for a moment. Must never return access from before a revocation that this process
 * was notified of: each notification drops what it affects, and nothing read before it is kept.
 */
import { LRUCache } from 'lru-cache'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { type Access, indexAccess } from './access.ts'
import { createSubjectIndex } from './subject-index.ts'

/** How long an entry is fresh without a notification: the safety net for lost ones. */
const freshMs = 3_000
const unknownFreshMs = 1_000
const maxEntries = 20_000

type Entry = { access: Access | undefined; readAt: number; epoch: number }

export type AccessCache = {
  /** @returns the fresh entry (undefined: no such credential); null: it must be read */
  peek(hash: string): Access | undefined | null
  /**
   * Reads from Postgres unless a fresh entry is cached. Undefined: no such credential.
   * @param lookUp replaces the immediate query
   * @throws GatewayRefusal database_unavailable when Postgres is unreachable, or the error of `lookUp`
   */
  read(hash: string, lookUp?: (hash: string) => Promise<AccessRow | undefined>): Promise<Access | undefined>
  /** @returns whether more access may have been granted since this was read */
  outdated(hash: string): boolean
  forget(hash: string): void
  /** Handles a notification on the channel spaceport_access. */
  notice(payload: string): void
  forgetAll(): void
  /** The number of notifications so far: a decision made at another epoch must be checked again. */
  epoch(): number
}

/** @param monotonic milliseconds of a clock that never jumps */
export function createAccessCache(
  list: (hashes: readonly string[]) => Promise<AccessRow[]>,
  monotonic: () => number,
): AccessCache {
  const subjects = createSubjectIndex<string>()
  const entries = new LRUCache<string, Entry>({ max: maxEntries, dispose: (_entry, hash) => subjects.delete(hash) })
  const reading = new Map<string, Promise<Access | undefined>>()
  let epoch = 0

  const isFresh = (entry: Entry) => monotonic() - entry.readAt < (entry.access ? freshMs : unknownFreshMs)

  function keep(hash: string, entry: Entry): void {
    entries.set(hash, entry)
    if (entry.access) subjects.set(hash, entry.access)
  }

  const lookUpAtOnce = async (hash: string) => (await list([hash]))[0]

  async function load(hash: string, begun: number, lookUp = lookUpAtOnce): Promise<Access | undefined> {
    const readAt = monotonic()
    const row = await lookUp(hash).catch(unavailable)
    const access = row && indexAccess(row)
    // A notification during the query may postdate the row: use it for the callers already waiting, and no later ones.
    if (epoch === begun) keep(hash, { access, readAt, epoch })
    return access
  }

  function forgetAll(): void {
    epoch++
    entries.clear()
    reading.clear()
  }

  return {
    peek(hash) {
      const entry = entries.get(hash)
      return entry && isFresh(entry) ? entry.access : null
    },
    read(hash, lookUp) {
      const entry = entries.get(hash)
      if (entry && isFresh(entry)) return Promise.resolve(entry.access)
      let pending = reading.get(hash)
      if (!pending) {
        pending = load(hash, epoch, lookUp).finally(() => {
          if (reading.get(hash) === pending) reading.delete(hash)
        })
        reading.set(hash, pending)
      }
      return pending
    },
    outdated: (hash) => entries.peek(hash)?.epoch !== epoch,
    forget: (hash) => void entries.delete(hash),
    notice(payload) {
      epoch++
      reading.clear()
      for (const hash of subjects.concernedBy(payload)) entries.delete(hash)
    },
    forgetAll,
    epoch: () => epoch,
  }
}

function unavailable(cause: unknown): never {
  if (cause instanceof GatewayRefusal) throw cause
  const message = 'credentials can’t be checked right now; retry shortly'
  throw new GatewayRefusal('database_unavailable', 503, message, { retryAfterSeconds: 1 }, cause)
}
