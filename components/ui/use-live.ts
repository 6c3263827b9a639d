'use client'

import { useEffect, useEffectEvent } from 'react'
import { startPace } from './live-pace.ts'

/** If events aren't available. */
const pollMs = 5_000

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
    let polling: ReturnType<typeof setInterval> | undefined
    const { refresh, stop } = startPace(
      () => run(),
      () => rest(),
    )

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
    function onVisibility() {
      if (document.hidden) return close()
      if (source) return
      open()
      refresh()
    }
    open()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      stop()
      close()
    }
  }, [path])
}
