/**
 * All answers that may run for long: watches, followed logs, exec, attach, port-forward. Must never leave a stream open
 * that would be refused now. Streams are rechecked on every notification (milliseconds), at every known end (a quarter
 * of a second), and against Postgres every two seconds in case a notification was lost: the changed ones, or all if
 * changes are unknown (access-changes.ts).
 */

import { Bag, type BagItem } from '#lib/gateway/connection/bag.ts'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { type Access, indexAccess, nextChange } from './access.ts'
import { createSubjectIndex } from './subject-index.ts'

const tickMs = 250
const sweepMs = 2_000
/** How long access may go unconfirmed before every stream is cut. */
const maxUncertaintyMs = 30_000
const hashesPerQuery = 500
const spacePrefix = 'space:'

export type OpenStream = BagItem & {
  readonly hash: string
  /** Never ends on its own, like a watch, so a stopping process cuts it. */
  readonly endless: boolean
  /** Shows the person's spaces, so a newly granted space affects it. */
  readonly followsSpaces?: boolean
  /** @returns why it must end now; undefined: it may continue */
  recheck(access: Access, now: number): GatewayRefusal | undefined
  cut(refusal: GatewayRefusal): void
}

export type OpenStreams = {
  add(stream: OpenStream, access: Access): void
  remove(stream: OpenStream): void
  /** Handles a notification on the channel spaceport_access. */
  notice(payload: string): void
  reread(hash: string): void
  rereadAll(): void
  /** Cuts endless streams, now and from now on; the others may finish. */
  stop(refusal: GatewayRefusal): void
  size(): number
  close(): void
}

/** `unchecked`: a stream was added with access that may predate a notified change. */
type Holder = { streams: Bag<OpenStream>; following: number; access: Access; next: number; unchecked: boolean }

type Options = {
  /** Changes of access since the last call: subjects as in notifications, or `all`. */
  changes: () => Promise<readonly string[] | 'all'>
  list: (hashes: readonly string[]) => Promise<AccessRow[]>
  /** @returns those of these people who can use any of these spaces */
  reaching: (spaceIds: readonly string[], userIds: readonly string[]) => Promise<readonly string[]>
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
  onError: (error: unknown) => void
}

export function createOpenStreams({ changes, list, reaching, clock, monotonic, onError }: Options): OpenStreams {
  /** One per credential. It outlives its streams until the next sweep, so that short requests can reuse it. */
  const holders = new Map<string, Holder>()
  const subjects = createSubjectIndex<string>()
  let count = 0
  let toRead = new Set<string>()
  let changedSpaces = new Set<string>()
  let running = false
  let sweeping = false
  /** When the database was last asked for changes, and the time up to which all removed access has been read. */
  let polledAt = monotonic()
  let certainAt = polledAt
  let stopping: GatewayRefusal | undefined

  function recheckAll(hash: string, holder: Holder, access: Access | undefined): void {
    const now = clock()
    if (access) {
      subjects.set(hash, access)
      holder.access = access
      holder.next = nextChange(access, now)
    }
    for (const stream of holder.streams.all()) {
      const refusal = access
        ? stream.recheck(access, now)
        : new GatewayRefusal('credential_revoked', 401, 'this credential no longer exists')
      if (refusal) stream.cut(refusal)
    }
  }

  /** One query at a time. Requests during a query go into the next, so a storm of notifications causes only a few. */
  async function run(): Promise<void> {
    if (running) return
    running = true
    try {
      while (toRead.size > 0 || changedSpaces.size > 0) {
        const asOf = polledAt
        const hashes = toRead
        toRead = new Set()
        await readAgain([...hashes]).catch((error: unknown) => {
          for (const hash of hashes) toRead.add(hash)
          throw error
        })
        certainAt = asOf
        // Last, so that no ended access waits for it. If it fails, no one keeps lost access.
        if (toRead.size === 0) await findGainers()
      }
    } catch (error) {
      onError(error)
    } finally {
      running = false
    }
  }

  async function findGainers(): Promise<void> {
    const spaces = changedSpaces
    changedSpaces = new Set()
    if (spaces.size === 0) return
    const following = [...holders].filter(([, holder]) => holder.following > 0)
    if (following.length === 0) return
    try {
      const people = new Set(
        await reaching([...spaces], [...new Set(following.map(([, one]) => one.access.person.id))]),
      )
      for (const [hash, { access }] of following) if (people.has(access.person.id)) toRead.add(hash)
    } catch (error) {
      for (const space of spaces) changedSpaces.add(space)
      throw error
    }
  }

  async function readAgain(hashes: readonly string[]): Promise<void> {
    for (let at = 0; at < hashes.length; at += hashesPerQuery) {
      const group = hashes.slice(at, at + hashesPerQuery)
      const rows = new Map((await list(group)).map((row) => [row.tokenHash, row]))
      for (const hash of group) {
        const holder = holders.get(hash)
        const row = rows.get(hash)
        if (holder) recheckAll(hash, holder, row && indexAccess(row))
      }
    }
  }

  function reread(hash: string): void {
    if (!holders.has(hash)) return
    toRead.add(hash)
    void run()
  }
  function concern(subject: string): void {
    for (const hash of subjects.concernedBy(subject)) toRead.add(hash)
    if (subject.startsWith(spacePrefix)) changedSpaces.add(subject.slice(spacePrefix.length))
  }
  function notice(subject: string): void {
    concern(subject)
    if (toRead.size > 0 || changedSpaces.size > 0) void run()
  }
  function rereadAll(): void {
    for (const hash of holders.keys()) toRead.add(hash)
    void run()
  }
  /** @returns the credentials to read again */
  function tidy(): string[] {
    const unchecked: string[] = []
    for (const [hash, holder] of holders) {
      if (holder.streams.size === 0) {
        holders.delete(hash)
        subjects.delete(hash)
      } else if (holder.unchecked) {
        holder.unchecked = false
        unchecked.push(hash)
      }
    }
    return unchecked
  }

  /** Access is confirmed as of the query for changes, once every affected credential has been read again. */
  async function sweep(): Promise<void> {
    const askedAt = monotonic()
    try {
      const changed = await changes()
      for (const hash of tidy()) toRead.add(hash)
      if (changed === 'all') for (const hash of holders.keys()) toRead.add(hash)
      else for (const subject of changed) concern(subject)
    } catch (error) {
      return onError(error)
    }
    polledAt = askedAt
    if (!running && toRead.size === 0 && changedSpaces.size === 0) certainAt = polledAt
    void run()
  }

  const allStreams = () => [...holders.values()].flatMap(({ streams }) => streams.all())

  const ticks = setInterval(() => {
    const now = clock()
    for (const [hash, holder] of holders) if (now >= holder.next) recheckAll(hash, holder, holder.access)
  }, tickMs)
  const sweeps = setInterval(() => {
    if (monotonic() - certainAt > maxUncertaintyMs)
      for (const stream of allStreams())
        stream.cut(new GatewayRefusal('database_unavailable', 503, 'access can’t be checked right now; retry shortly'))
    if (!sweeping) {
      sweeping = true
      void sweep().finally(() => {
        sweeping = false
      })
    }
  }, sweepMs)
  ticks.unref()
  sweeps.unref()

  return {
    add(stream, access) {
      let holder = holders.get(stream.hash)
      if (!holder) {
        // The access may have ended since the decision; the next tick checks.
        holder = { streams: new Bag(), following: 0, access, next: clock(), unchecked: true }
        holders.set(stream.hash, holder)
        subjects.set(stream.hash, access)
      } else if (holder.access !== access) {
        holder.unchecked = true
        if (holder.streams.size === 0) {
          holder.access = access
          holder.next = clock()
          subjects.set(stream.hash, access)
        }
      }
      holder.streams.add(stream)
      if (stream.followsSpaces) holder.following++
      count++
      const refusal = stopping
      // The caller has not sent it yet.
      if (refusal && stream.endless) setImmediate(() => stream.cut(refusal))
    },
    remove(stream) {
      const holder = holders.get(stream.hash)
      if (!holder?.streams.remove(stream)) return
      if (stream.followsSpaces) holder.following--
      count--
    },
    notice,
    reread,
    rereadAll,
    stop(refusal) {
      stopping = refusal
      for (const stream of allStreams()) if (stream.endless) stream.cut(refusal)
    },
    size: () => count,
    close() {
      clearInterval(ticks)
      clearInterval(sweeps)
    },
  }
}
