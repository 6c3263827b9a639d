'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { forgetLeaving, rememberLeaving } from './leaving-space.ts'
import type { SpaceAddress } from './space-path.ts'

/** However much happens inside of a space, its page is asked for at most this often. */
const restMs = 1_000
/** Where events can't be had at all. */
const pollMs = 5_000

/**
 * Keeps a space's page true without reloading: whenever something about the space changes, the page is rendered anew
 * on the server. Stops while the page is hidden, and catches up when it is seen again.
 */
export function LiveRefresh({ address, leaving }: { address: SpaceAddress; leaving: boolean }) {
  const router = useRouter()
  const { name, cluster } = address

  useEffect(() => {
    if (leaving) rememberLeaving({ name, cluster })
    else forgetLeaving({ name, cluster })
  }, [leaving, name, cluster])

  useEffect(() => {
    const query = cluster ? `?${new URLSearchParams({ cluster })}` : ''
    let source: EventSource | null = null
    let waiting: ReturnType<typeof setTimeout> | undefined
    let polling: ReturnType<typeof setInterval> | undefined
    let last = 0

    function refresh() {
      if (waiting) return
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
      source = new EventSource(`/api/spaces/${encodeURIComponent(name)}/live${query}`)
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
      clearTimeout(waiting)
      close()
    }
  }, [name, cluster, router])
  return null
}
