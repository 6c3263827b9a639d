'use client'

import { useEffect } from 'react'
import { startPace } from '#components/ui/live/live-pace.ts'
import { useRefresh } from '#components/ui/live/page-refresh.ts'

/** Times come from the server, and browsers’ clocks differ a little, in milliseconds. */
const lateMs = 1_000
/** The longest timeout that browsers support, in milliseconds. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Refreshes the page at a given time, when something on it ends.
 * @param at ISO 8601
 */
export function RefreshAt({ at }: { at: string }) {
  const refresh = useRefresh()
  useEffect(() => {
    const pace = startPace(refresh, () => 0)
    const inMs = Math.max(new Date(at).getTime() + lateMs - Date.now(), 0)
    const timer = inMs <= maxTimerMs ? setTimeout(pace.refresh, inMs) : undefined
    return () => {
      clearTimeout(timer)
      pace.stop()
    }
  }, [at, refresh])
  return null
}
