/**
 * Shares the process's one thread fairly. Must never let a few clients that send as fast as they can slow down an
 * occasional one. While the thread is busy and several parties use it, each gets turns at a steady rate that follows
 * the load, so no one waits when it is quiet, or when alone. A party is a person, or the source address of an
 * unauthenticated request. A turn costs about as much as one small request.
 */
import { performance } from 'node:perf_hooks'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const tickMs = 50
/** Utilization of the thread: above the first the rate falls, below the second it rises. */
const busyAt = 0.5
const easyAt = 0.4
const fallBy = 0.6
const riseBy = 1.02
/** The turns per second that every party always gets, and the rate above which there is no limit. */
const minRate = 100
const maxRate = 50_000
/** Turns that may be taken at once. */
const burst = 4
const maxWaitMs = 2_000
/** The cost of a handshake in turns; clients wait longer for it than for an answer. */
const turnsOfConnection = 12
const maxConnectionWaitMs = 8_000
/**
 * Connections that one address may begin at once before a credential is presented on them: an office whose clients all
 * reconnect gets in as fast as they authenticate.
 */
const unprovenConnections = 32
const connectionsAtOnce = (unprovenConnections - 1) * turnsOfConnection
/** For how many ticks after its last turn another party still counts as present: a blocked thread ticks rarely. */
const togetherTicks = 20

/** How long an address is held to the minimum rate after a flood, and the cost of the flood. */
const floodedMs = 60_000
const turnsOfFlood = 64

export type FairShare = {
  /**
   * @returns undefined: go ahead; otherwise a promise that resolves at the party's turn
   * @throws (from the result) GatewayRefusal too_busy after two seconds
   */
  take(party: string, source: string, turns?: number): Promise<void> | undefined
  /** The same for a new connection: only the source is known, and the wait may take eight seconds. */
  takeConnection(source: string): Promise<void> | undefined
  /**
   * Moves the cost of a new connection from its source to the person who authenticated on it, up to the person's limit.
   */
  proveConnection(source: string, person: string): void
  /** Charges a source for parsing invalid bytes, even when it is alone. */
  chargeFlood(source: string): void
  close(): void
}

const connectionsOf = (party: string) => `connections of ${party}`

type Waiter = { turns: number; atOnce: number; until: number; go: () => void; giveUp: () => void }

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param utilization the thread's utilization since the last call, from 0 to 1
 */
export function createFairShare(monotonic: () => number, utilization = readUtilization()): FairShare {
  let rate = Number.POSITIVE_INFINITY
  const taken = new Map<string, number>()
  /** While there is a rate: when each party's turns so far are due (GCRA's theoretical arrival time). */
  const dueAt = new Map<string, number>()
  /** Until when each flooding party is held to the minimum rate. */
  const flooded = new Map<string, number>()
  const waiting = new Map<string, Waiter[]>()
  let tickedAt = monotonic()
  let lastParty = ''
  let lastSource = ''
  let togetherFor = 0
  let serving = false

  function noteSource(source: string): void {
    if (source === lastSource) return
    if (lastSource !== '') togetherFor = togetherTicks
    lastSource = source
  }

  function noteParty(party: string): void {
    if (party === lastParty) return
    if (lastParty !== '') togetherFor = togetherTicks
    lastParty = party
  }

  function isDue(party: string, turns: number, now: number, atOnce = burst): boolean {
    const hasFlooded = flooded.has(party)
    const own = hasFlooded ? minRate : rate
    if (own === Number.POSITIVE_INFINITY) return true
    const interval = 1_000 / own
    const due = Math.max(now, dueAt.get(party) ?? now)
    if (due - now > (hasFlooded ? burst : atOnce) * interval) return false
    dueAt.set(party, due + turns * interval)
    return true
  }

  function serve(): void {
    const now = monotonic()
    for (const [party, waiters] of waiting) {
      let at = 0
      for (const waiter of waiters) {
        if (isDue(party, waiter.turns, now, waiter.atOnce)) waiter.go()
        else if (waiter.until <= now) waiter.giveUp()
        else break
        at++
      }
      waiters.splice(0, at)
      if (waiters.length === 0) waiting.delete(party)
    }
    serving = waiting.size > 0
    if (serving) setTimeout(serve, 1)
  }

  function adapt(): void {
    const now = monotonic()
    const used = utilization()
    const othersWait = waiting.size > (waiting.has(lastParty) ? 1 : 0)
    togetherFor--
    if (togetherFor < 0 && !othersWait) rate = Number.POSITIVE_INFINITY
    else if (used > busyAt && taken.size > 0) {
      const elapsed = now - tickedAt
      const busiest = (Math.max(...taken.values()) * 1_000) / elapsed
      // The delay of a tick shows how overloaded the thread is.
      rate = Math.max(minRate, Math.min(rate, busiest) * fallBy * Math.min(1, tickMs / elapsed))
    } else if (used < easyAt) rate *= riseBy
    if (rate > maxRate) rate = Number.POSITIVE_INFINITY
    for (const [party, due] of dueAt) if (due <= now) dueAt.delete(party)
    for (const [party, until] of flooded) if (until <= now) flooded.delete(party)
    taken.clear()
    tickedAt = now
  }
  const ticking = setInterval(adapt, tickMs).unref()

  function take(party: string, turns: number, wait: number, atOnce = burst): Promise<void> | undefined {
    taken.set(party, (taken.get(party) ?? 0) + turns)
    const waiters = waiting.get(party)
    const bounded = rate !== Number.POSITIVE_INFINITY || flooded.size > 0
    if (waiters === undefined && isDue(party, turns, bounded ? monotonic() : 0, atOnce)) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { turns, atOnce, until: monotonic() + wait, go: resolve, giveUp: () => reject(tooBusy()) }
    if (waiters) waiters.push(waiter)
    else waiting.set(party, [waiter])
    if (!serving) setTimeout(serve, 1)
    serving = true
    return promise
  }

  return {
    take(party, source, turns = 1) {
      noteParty(party)
      noteSource(source)
      return take(party, turns, maxWaitMs)
    },
    takeConnection(source) {
      noteSource(source)
      return take(connectionsOf(source), turnsOfConnection, maxConnectionWaitMs, connectionsAtOnce)
    },
    proveConnection(source, person) {
      const due = dueAt.get(connectionsOf(source))
      const now = monotonic()
      if (due === undefined || due <= now || rate === Number.POSITIVE_INFINITY || flooded.has(source)) return
      if (!isDue(connectionsOf(person), turnsOfConnection, now, connectionsAtOnce)) return
      dueAt.set(connectionsOf(source), due - (turnsOfConnection * 1_000) / rate)
    },
    chargeFlood(source) {
      const now = monotonic()
      for (const party of [source, connectionsOf(source)]) {
        flooded.set(party, now + floodedMs)
        const due = Math.max(now, dueAt.get(party) ?? now) + (turnsOfFlood * 1_000) / minRate
        dueAt.set(party, Math.min(due, now + maxConnectionWaitMs))
      }
    },
    close: () => clearInterval(ticking),
  }
}

const tooBusy = () =>
  new GatewayRefusal('too_busy', 429, 'the gateway is busy and you are over your fair share; retry shortly', {
    retryAfterSeconds: 1,
  })

function readUtilization(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
