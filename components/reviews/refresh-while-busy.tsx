'use client'

import { useEffect } from 'react'
import { useRefresh } from '#components/ui/page-refresh.ts'

const everyMs = 2_000
/** Refreshes count as use of the session, which must be able to expire. */
const most = 300

/** Follows what the worker does: the server renders the page again every two seconds, while the page is visible. */
export function RefreshWhileBusy() {
  const refresh = useRefresh()
  useEffect(() => {
    let count = 0
    const timer = setInterval(() => {
      if (document.hidden) return
      if (++count >= most) clearInterval(timer)
      refresh()
    }, everyMs)
    return () => clearInterval(timer)
  }, [refresh])
  return null
}
