'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const everyMs = 2_000
/** Refreshes count as use of the session, which must be able to expire. */
const most = 300

/** Follows what the worker does: the server renders the page again every two seconds, while the page is visible. */
export function RefreshWhileBusy() {
  const router = useRouter()
  useEffect(() => {
    let count = 0
    const timer = setInterval(() => {
      if (document.hidden) return
      if (++count >= most) clearInterval(timer)
      router.refresh()
    }, everyMs)
    return () => clearInterval(timer)
  }, [router])
  return null
}
