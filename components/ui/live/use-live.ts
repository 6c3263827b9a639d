'use client'

import { useEffect, useEffectEvent } from 'react'
import { startPace } from './live-pace.ts'

/** The polling interval without server-sent events, in milliseconds. */
const pollMs = 5_000
/**
 * When to try a refused stream again, in milliseconds: too many pages may have been open, or another release may have
 * answered.
 */
const refusedMs = 60_000

/**
 * Calls back when the server reports a change. Pauses while the page is hidden or unattended, and then catches up.
 * @param path of a stream of `change` events; null: no stream
 * @param onChange may be slow: the next call waits for it and the rest period
 * @param restMs the minimum time between two calls; read before each
 * @param fullPath adds current parameters to the path each time the stream is opened
 */
export function useLive(
  path: string | null,
  onChange: () => Promise<void> | void,
  restMs: () => number,
  fullPath: () => string | null = () => path,
): void {
  const run = useEffectEvent(onChange)
  const rest = useEffectEvent(restMs)
  const full = useEffectEvent(fullPath)

  useEffect(() => {
    if (path === null) return
    const from = path
    let source: EventSource | null = null
    let polling: ReturnType<typeof setInterval> | undefined
    let later: ReturnType<typeof setTimeout> | undefined
    const { refresh, stop } = startPace(
      () => run(),
      () => rest(),
    )

    function open() {
      source = new EventSource(full() ?? from)
      source.addEventListener('change', refresh)
      source.onopen = stopPolling
      source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return
        polling ??= setInterval(refresh, pollMs)
        later = setTimeout(open, refusedMs)
      }
    }
    function stopPolling() {
      clearInterval(polling)
      polling = undefined
    }
    function close() {
      source?.close()
      source = null
      clearTimeout(later)
      stopPolling()
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
