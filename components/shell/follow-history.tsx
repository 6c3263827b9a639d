'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useRefresh } from '#components/ui/live/page-refresh.ts'

/** How long the router may take to follow Back and Forward, in milliseconds; twice as long the second time. */
const patienceMs = 4_000
const maxTries = 2

/**
 * Refreshes the page if the router doesn’t follow Back or Forward: in Next.js 16, navigating during a refresh can leave
 * it waiting for a discarded response. A reload would abort running actions, so it is used only after links within the
 * page (“Skip to content”), which the router never follows.
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

/** @returns the URL that the router shows */
function useAddress() {
  const address = addressOf(usePathname(), useSearchParams().toString())
  const latest = useRef(address)
  // In the same commit as the page; otherwise an immediate Back would look already done.
  useLayoutEffect(() => {
    latest.current = address
  }, [address])
  return latest
}
