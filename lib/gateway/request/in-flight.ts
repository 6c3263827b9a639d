/**
 * How much people may have under way at a cluster. Must never let one person, or a few of them together, take what
 * everybody shares: the connections to the API server (upstream.ts). In one connection or in many, by one credential or by
 * several. Beyond a bound one waits a moment for one's own turn, people by turns, and is then told to try again.
 */
import { createCounts } from '#lib/domain/counts.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

type Kind = 'request' | 'stream'
type Bounds = { ofPerson: number; together: number }

/**
 * Of 256 connections for requests; kubectl asks for some thirty things at once when it looks around for the first time.
 * Streams are watches, followed logs, exec, attach and port-forward.
 */
const bounds: Readonly<Record<Kind, Bounds>> = {
  request: { ofPerson: 64, together: 256 },
  stream: { ofPerson: 256, together: 8_192 },
}
/** So much of what is shared is for people who have nothing of the kind under way. */
const reservedShare = 1 / 4
const maxWaitMs = 2_000
const maxWaitingOfPerson = 512

export type InFlight = {
  /** @returns what `take` resolves to, where there is room; undefined: it has to be waited for */
  takeNow(personId: string, kind: Kind): (() => void) | undefined
  /**
   * @returns once there is room: to be called when it is over; a second call does nothing
   * @throws GatewayRefusal too_busy when there is none within two seconds
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
  /** Of each person in the order in which they came; the people in the order of their turns. */
  const waiting = new Map<string, Waiter[]>()
  let total = 0

  function hasRoom(personId: string): boolean {
    const own = underWay.of(personId)
    return own < ofPerson && total < (own === 0 ? together : together * (1 - reservedShare))
  }

  function start(personId: string): () => void {
    underWay.add(personId, 1)
    total++
    let over = false
    return () => {
      if (over) return
      over = true
      total--
      underWay.add(personId, -1)
      serveWaiting()
    }
  }

  /** Room has come free: each person in turn gets one, for as long as there is room. */
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
      `too many concurrent ${kind}s (${underWay.of(personId)}); try again when some have ended`,
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
