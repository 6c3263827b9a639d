/**
 * Limits how long a client may keep an answer waiting. Must never let a slow reader hold a connection to the API
 * server, or the end of an answer in memory, indefinitely: it may pause for a while, and reading at a minimum rate buys
 * more time.
 */
const graceMs = 20_000
const minBytesPerSecond = 16 * 1024

export type ReaderPatience = {
  delivered(bytes: number): void
  wait(): void
  done(): void
}

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param onExhausted called when a wait outlasts the client's time
 */
export function createReaderPatience(monotonic: () => number, onExhausted: () => void): ReaderPatience {
  let left = graceMs
  let waiting: { since: number; timer: NodeJS.Timeout } | undefined
  return {
    delivered(bytes) {
      left = Math.min(graceMs, left + (bytes / minBytesPerSecond) * 1_000)
    },
    wait() {
      waiting ??= { since: monotonic(), timer: setTimeout(onExhausted, left).unref() }
    },
    done() {
      if (!waiting) return
      clearTimeout(waiting.timer)
      left = Math.max(0, left - (monotonic() - waiting.since))
      waiting = undefined
    },
  }
}
