'use client'

import { useEffect } from 'react'
import { useRefresh } from '#components/ui/live/page-refresh.ts'

const everyMs = 2_000
/** Refreshes count as use of the session, which must be able to expire. */
const maxRefreshes = 300

/** Refreshes the page every two seconds while something on it is in progress, for at most ten minutes. */
export function RefreshWhile({ active }: { active: boolean }) {
  const refresh = useRefresh()
  useEffect(() => {
    if (!active) return
    let left = maxRefreshes
    const timer = setInterval(() => {
      if (document.hidden) return
      refresh()
      if (--left === 0) clearInterval(timer)
    }, everyMs)
    return () => clearInterval(timer)
  }, [active, refresh])
  return null
}
