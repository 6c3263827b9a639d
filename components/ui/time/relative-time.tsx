'use client'

import { useSyncExternalStore } from 'react'
import { timeInFull, timeInWords } from './time-in-words.ts'

const tickMs = 20_000

/** One clock for all times on a page. */
const clock = {
  now: 0,
  listeners: new Set<() => void>(),
  timer: undefined as ReturnType<typeof setInterval> | undefined,
}

function tick() {
  clock.now = Date.now()
  for (const listener of clock.listeners) listener()
}

function subscribe(listener: () => void): () => void {
  clock.listeners.add(listener)
  if (!clock.timer) {
    clock.now = Date.now()
    clock.timer = setInterval(tick, tickMs)
  }
  return () => {
    clock.listeners.delete(listener)
    if (clock.listeners.size > 0) return
    clearInterval(clock.timer)
    clock.timer = undefined
  }
}

/**
 * A relative time, with the full one on hover. The text may change between server rendering and hydration, so React
 * must not compare it.
 */
export function RelativeTime({ at }: { at: Date | string }) {
  const now = useSyncExternalStore(
    subscribe,
    () => clock.now,
    () => 0,
  )
  const date = new Date(at)
  return (
    <time
      dateTime={date.toISOString()}
      title={timeInFull(date, now > 0)}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {timeInWords(date, new Date(now || Date.now()))}
    </time>
  )
}
