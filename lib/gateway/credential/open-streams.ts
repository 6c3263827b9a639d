/**
 * Everything that is being answered and could go on: watches, followed logs, exec, attach, port-forward. Must never leave
 * one open that would not be let in now: looked at again on every notice (milliseconds), at every known end (a quarter of
 * a second), and against Postgres every two seconds, should a notice have been lost.
 */
import type { AccessRow } from '#lib/db/list-access.ts'
import { Refusal } from '#lib/gateway/refusal.ts'
import { type Access, indexAccess, nextChange } from './access.ts'
import { concerns } from './access-cache.ts'

const tickMs = 250
const sweepMs = 2_000
/** So long nobody could say whether access still stands; then it does not. */
const longestUncertaintyMs = 30_000
const hashesPerQuery = 500

export type OpenStream = {
  readonly hash: string
  /** @returns why it has to end now; undefined when it may go on */
  recheck(access: Access, now: number): Refusal | undefined
  cut(refusal: Refusal): void
}

export type OpenStreams = {
  /** @returns removes it again */
  add(stream: OpenStream, access: Access): void
  remove(stream: OpenStream): void
  /** A notice of the channel spaceport_access. */
  notice(payload: string): void
  /** Reads a credential's access again and looks at its streams. */
  reread(hash: string): void
  rereadAll(): void
  cutAll(refusal: Refusal): void
  size(): number
  close(): void
}

type Holder = { streams: Set<OpenStream>; access: Access; next: number }

type Options = {
  list: (hashes: readonly string[]) => Promise<AccessRow[]>
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
  onError: (error: unknown) => void
}

export function createOpenStreams({ list, clock, monotonic, onError }: Options): OpenStreams {
  const holders = new Map<string, Holder>()
  let count = 0
  let wanted = new Set<string>()
  let running = false
  let certainAt = monotonic()

  function look(holder: Holder, access: Access | undefined): void {
    const now = clock()
    if (access) {
      holder.access = access
      holder.next = nextChange(access, now)
    }
    for (const stream of holder.streams) {
      const refusal = access
        ? stream.recheck(access, now)
        : new Refusal('credential_revoked', 401, 'this credential is no longer there')
      if (refusal) stream.cut(refusal)
    }
  }

  /** One query at a time; what is asked for meanwhile goes into the next, so a storm of notices stays a few queries. */
  async function run(): Promise<void> {
    if (running) return
    running = true
    try {
      while (wanted.size > 0) {
        const hashes = [...wanted]
        wanted = new Set()
        for (let at = 0; at < hashes.length; at += hashesPerQuery) {
          const group = hashes.slice(at, at + hashesPerQuery)
          const rows = new Map((await list(group)).map((row) => [row.tokenHash, row]))
          for (const hash of group) {
            const holder = holders.get(hash)
            const row = rows.get(hash)
            if (holder) look(holder, row && indexAccess(row))
          }
        }
      }
      certainAt = monotonic()
    } catch (error) {
      onError(error)
    } finally {
      running = false
    }
  }

  function reread(hash: string): void {
    if (!holders.has(hash)) return
    wanted.add(hash)
    void run()
  }
  function rereadAll(): void {
    for (const hash of holders.keys()) wanted.add(hash)
    if (wanted.size === 0) certainAt = monotonic()
    void run()
  }
  function cutAll(refusal: Refusal): void {
    for (const holder of holders.values()) for (const stream of holder.streams) stream.cut(refusal)
  }

  const ticks = setInterval(() => {
    const now = clock()
    for (const holder of holders.values()) if (now >= holder.next) look(holder, holder.access)
  }, tickMs)
  const sweeps = setInterval(() => {
    if (monotonic() - certainAt > longestUncertaintyMs && holders.size > 0)
      cutAll(new Refusal('database_unavailable', 503, 'access can’t be checked any more; try again in a moment'))
    rereadAll()
  }, sweepMs)
  ticks.unref()
  sweeps.unref()

  return {
    add(stream, access) {
      let holder = holders.get(stream.hash)
      if (!holder) {
        // What was decided may have ended since: the next tick looks.
        holder = { streams: new Set(), access, next: clock() }
        holders.set(stream.hash, holder)
      }
      holder.streams.add(stream)
      count++
    },
    remove(stream) {
      const holder = holders.get(stream.hash)
      if (!holder?.streams.delete(stream)) return
      count--
      if (holder.streams.size === 0) holders.delete(stream.hash)
    },
    notice(payload) {
      for (const [hash, holder] of holders) if (concerns(payload, holder.access)) wanted.add(hash)
      if (wanted.size > 0) void run()
    },
    reread,
    rereadAll,
    cutAll,
    size: () => count,
    close() {
      clearInterval(ticks)
      clearInterval(sweeps)
    },
  }
}
