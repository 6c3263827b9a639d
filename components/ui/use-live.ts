'use client'

import { useEffect, useEffectEvent } from 'react'

/** If events aren't available. */
const pollMs = 5_000
/** How long an unattended page keeps refreshing: refreshes count as use of the session, which must be able to expire. */
const unattendedMs = 10 * 60_000
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Calls back whenever the server says that something changed. Pauses while the page is hidden or unattended, and then
 * catches up.
 * @param path of a stream of `change` events; null: none is wanted
 * @param onChange may take its time: the next call is after it, and after the rest
 * @param restMs the minimum time between two calls, however much happens; read before each
 */
export function useLive(path: string | null, onChange: () => Promise<void> | void, restMs: () => number): void {
  const run = useEffectEvent(onChange)
  const rest = useEffectEvent(restMs)

  useEffect(() => {
    if (path === null) return
    const from = path
    let source: EventSource | null = null
    let waiting: ReturnType<typeof setTimeout> | undefined
    let polling: ReturnType<typeof setInterval> | undefined
    let last = 0
    let attendedAt = Date.now()
    let missed = false
    let running = false
    let again = false

    function refresh() {
      missed = Date.now() - attendedAt > unattendedMs
      if (running) again = true
      if (waiting || missed || running) return
      waiting = setTimeout(act, Math.max(0, last + rest() - Date.now()))
    }
    async function act() {
      waiting = undefined
      running = true
      try {
        await run()
      } finally {
        running = false
        last = Date.now()
        if (again) {
          again = false
          refresh()
        }
      }
    }
    function open() {
      source = new EventSource(from)
      source.addEventListener('change', refresh)
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) polling ??= setInterval(refresh, pollMs)
      }
    }
    function close() {
      source?.close()
      source = null
      clearInterval(polling)
      polling = undefined
    }
    function onLife(event: Event) {
      // Browsers also report a resting pointer when the page moves below it.
      if (event instanceof PointerEvent && event.type === 'pointermove' && !event.movementX && !event.movementY) return
      attendedAt = Date.now()
      if (missed) refresh()
    }
    function onVisibility() {
      if (document.hidden) return close()
      if (source) return
      attendedAt = Date.now()
      open()
      refresh()
    }
    open()
    document.addEventListener('visibilitychange', onVisibility)
    for (const sign of signsOfLife) addEventListener(sign, onLife, { passive: true })
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      for (const sign of signsOfLife) removeEventListener(sign, onLife)
      clearTimeout(waiting)
      close()
    }
  }, [path])
}
