'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { forgetDeleting, rememberDeleting } from './deleting-space.ts'
import { type SpaceAddress, spaceEventsPath } from './space-path.ts'

/** Minimum time between two refreshes, however much happens. */
const restMs = 1_000
/** If events aren't available. */
const pollMs = 5_000
/** How long an unattended page keeps refreshing: refreshes count as use of the session, which must be able to expire. */
const unattendedMs = 10 * 60_000
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Keeps a space's page current: whenever the space changes, the server renders the page again. Pauses while the page
 * is hidden or unattended, and then catches up.
 */
export function LiveRefresh({ address, deleting }: { address: SpaceAddress; deleting: boolean }) {
  const router = useRouter()
  const { name, cluster } = address

  useEffect(() => {
    if (deleting) rememberDeleting({ name, cluster })
    else forgetDeleting({ name, cluster })
  }, [deleting, name, cluster])

  useEffect(() => {
    let source: EventSource | null = null
    let waiting: ReturnType<typeof setTimeout> | undefined
    let polling: ReturnType<typeof setInterval> | undefined
    let last = 0
    let attendedAt = Date.now()
    let missed = false

    function refresh() {
      missed = Date.now() - attendedAt > unattendedMs
      if (waiting || missed) return
      waiting = setTimeout(
        () => {
          waiting = undefined
          last = Date.now()
          router.refresh()
        },
        Math.max(0, last + restMs - Date.now()),
      )
    }
    function open() {
      source = new EventSource(spaceEventsPath({ name, cluster }))
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
  }, [name, cluster, router])
  return null
}
