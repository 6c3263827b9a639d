'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useRefresh } from '#components/ui/live/page-refresh.ts'

/** Milliseconds that the router has to follow Back and Forward, the second time twice as many. */
const patienceMs = 4_000
const maxTries = 2

/**
 * Refreshes the page where the router doesn’t follow Back or Forward. In Next.js 16, one that comes during a refresh can
 * leave it waiting for an answer that it has discarded. The page isn’t loaded again, since actions that are under way
 * would end; only where a link within a page (“Skip to content”) led, which the router never follows.
 */
export function FollowHistory() {
  const refresh = useRefresh()
  const followed = useAddress()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const hasFollowed = () => followed.current === addressOf(window.location.pathname, window.location.search)
    function wait(tries: number) {
      clearTimeout(timer)
      timer = setTimeout(() => follow(tries), patienceMs * 2 ** (tries - 1))
    }
    function follow(tries: number) {
      if (hasFollowed() || tries > maxTries) return
      if (window.history.state === null) return window.location.reload()
      refresh()
      wait(tries + 1)
    }
    function onPopState({ state }: PopStateEvent) {
      if (state === null && !hasFollowed()) window.location.reload()
      else wait(1)
    }
    addEventListener('popstate', onPopState)
    return () => {
      removeEventListener('popstate', onPopState)
      clearTimeout(timer)
    }
  }, [followed, refresh])
  return null
}

const addressOf = (path: string, search: string) => `${path}?${new URLSearchParams(search)}`

/** @returns the address that the router shows */
function useAddress() {
  const address = addressOf(usePathname(), useSearchParams().toString())
  const latest = useRef(address)
  // In the same commit as the page: else whoever goes back at once would seem to be there already.
  useLayoutEffect(() => {
    latest.current = address
  }, [address])
  return latest
}
