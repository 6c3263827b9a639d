/**
 * How much one person may have under way at a cluster. Must never let one person take all that everybody shares: the
 * connections to the API server (upstream.ts), and the memory for bodies (read-body.ts). In one connection or in many,
 * by one credential or by several.
 */
import { Refusal } from './refusal.ts'

/** Of 256 connections. kubectl asks for some thirty things at once when it looks around for the first time. */
const mostRequests = 64
/** Watches, followed logs, exec, attach and port-forward. */
const mostStreams = 256

export type InFlight = {
  /**
   * @returns to be called when it is over; a second call does nothing
   * @throws Refusal too_busy
   */
  take(personId: string, kind: 'request' | 'stream'): () => void
}

export function createInFlight(): InFlight {
  const counts = { request: new Map<string, number>(), stream: new Map<string, number>() }
  return {
    take(personId, kind) {
      const count = counts[kind]
      const under = count.get(personId) ?? 0
      if (under >= (kind === 'stream' ? mostStreams : mostRequests))
        throw new Refusal(
          'too_busy',
          429,
          `you have ${under} ${kind}s under way here already; try again when some have ended`,
          {
            retryAfterSeconds: 1,
          },
        )
      count.set(personId, under + 1)
      let over = false
      return () => {
        if (over) return
        over = true
        const left = (count.get(personId) ?? 1) - 1
        if (left > 0) count.set(personId, left)
        else count.delete(personId)
      }
    },
  }
}
