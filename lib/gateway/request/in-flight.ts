/**
 * Limits concurrent requests to a cluster per person. Must never let one person, or a few together, take all shared
 * connections to the API server (upstream.ts), over however many connections and credentials. Beyond the limit,
 * requests wait for a moment, people take turns, and the rest are refused.
 */

import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { createCounts } from '#lib/kernel/limits/counts.ts'

type Kind = 'request' | 'stream'
type Bounds = { ofPerson: number; together: number }

/**
 * There are 256 connections for requests; kubectl sends some thirty requests at once for its first discovery. Streams
 * are watches, followed logs, exec, attach and port-forward.
 */
const bounds: Readonly<Record<Kind, Bounds>> = {
  request: { ofPerson: 64, together: 256 },
  stream: { ofPerson: 256, together: 8_192 },
}
/** The share reserved for people without requests of that kind. */
const reservedShare = 1 / 4
const maxWaitMs = 2_000
const maxWaitingOfPerson = 512

export type InFlight = {
  /** @returns the result of `take` if there is room; undefined: it must wait */
  takeNow(personId: string, kind: Kind): (() => void) | undefined
  /**
   * @returns a function to call when the request has ended, once there is room; a second call does nothing
   * @throws GatewayRefusal too_busy when there is no room within two seconds
   */
  take(personId: string, kind: Kind): Promise<() => void>
}

export function createInFlight(): InFlight {
  const pools = { request: createPool('request'), stream: createPool('stream') }
  return {
    takeNow: (personId, kind) => pools[kind].takeNow(personId),
    take: (personId, kind) => pools[kind].take(personId),
  }
}

type Waiter = { start: () => void; timer: NodeJS.Timeout }

function createPool(kind: Kind) {
  const { ofPerson, together } = bounds[kind]
  const underWay = createCounts()
  /** Each person's requests in order of arrival; the people in the order of their turns. */
  const waiting = new Map<string, Waiter[]>()
  let total = 0

  function hasRoom(personId: string): boolean {
    const own = underWay.of(personId)
    return own < ofPerson && total < (own === 0 ? together : together * (1 - reservedShare))
  }

  function start(personId: string): () => void {
    underWay.add(personId, 1)
    total++
    let released = false
    return () => {
      if (released) return
      released = true
      total--
      underWay.add(personId, -1)
      serveWaiting()
    }
  }

  function serveWaiting(): void {
    if (waiting.size === 0) return
    for (const [personId, waiters] of [...waiting]) {
      if (!hasRoom(personId)) continue
      const next = waiters.shift()
      waiting.delete(personId)
      if (waiters.length > 0) waiting.set(personId, waiters)
      next?.start()
    }
  }

  const refuse = (personId: string) =>
    new GatewayRefusal(
      'too_busy',
      429,
      `too many concurrent ${kind}s (${underWay.of(personId)}); wait for some to end, then retry`,
      { retryAfterSeconds: 1 },
    )

  function takeNow(personId: string): (() => void) | undefined {
    return waiting.has(personId) || !hasRoom(personId) ? undefined : start(personId)
  }

  function take(personId: string): Promise<() => void> {
    const now = takeNow(personId)
    if (now) return Promise.resolve(now)
    const waiters = waiting.get(personId) ?? []
    if (waiters.length >= maxWaitingOfPerson) return Promise.reject(refuse(personId))
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const waiter: Waiter = {
      start() {
        clearTimeout(waiter.timer)
        resolve(start(personId))
      },
      timer: setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1)
        if (waiters.length === 0) waiting.delete(personId)
        reject(refuse(personId))
      }, maxWaitMs).unref(),
    }
    waiters.push(waiter)
    waiting.set(personId, waiters)
    return promise
  }
  return { takeNow, take }
}
