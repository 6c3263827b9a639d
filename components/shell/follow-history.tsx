'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** Milliseconds that the router has to follow Back and Forward; then twice as many, and so on. */
const patienceMs = 2_000
const maxTries = 4

/**
 * Tells the router once more of a Back or Forward that it doesn’t follow. In Next.js 16, one that comes during a refresh
 * can leave it waiting for an answer that it has discarded.
 */
export function FollowHistory() {
  const followed = useAddress()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    function onPopState(event: Event) {
      // Not what is sent below.
      if (event.isTrusted) wait(1)
    }
    function wait(tries: number) {
      clearTimeout(timer)
      timer = setTimeout(
        () => {
          const { pathname, search } = window.location
          if (followed.current === addressOf(pathname, search) || tries > maxTries) return
          dispatchEvent(new PopStateEvent('popstate', { state: window.history.state }))
          wait(tries + 1)
        },
        patienceMs * 2 ** (tries - 1),
      )
    }
    addEventListener('popstate', onPopState)
    return () => {
      removeEventListener('popstate', onPopState)
      clearTimeout(timer)
    }
  }, [followed])
  return null
}

const addressOf = (path: string, search: string) => `${path}?${new URLSearchParams(search)}`

/** @returns the address that the router shows */
function useAddress() {
  const address = addressOf(usePathname(), useSearchParams().toString())
  const latest = useRef(address)
  useEffect(() => {
    latest.current = address
  }, [address])
  return latest
}
