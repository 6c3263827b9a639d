'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** Milliseconds that the router has to follow Back and Forward; then twice as many, and so on. */
const patienceMs = 2_000
const maxTries = 4

/**
 * Refreshes the page where the router doesn’t follow Back or Forward. In Next.js 16, one that comes during a refresh can
 * leave it waiting for an answer that it has discarded. The page isn’t loaded again: actions that are under way go on.
 */
export function FollowHistory() {
  const { refresh } = useRouter()
  const followed = useAddress()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    function wait(tries: number) {
      clearTimeout(timer)
      timer = setTimeout(
        () => {
          const { pathname, search } = window.location
          if (followed.current === addressOf(pathname, search) || tries > maxTries) return
          refresh()
          wait(tries + 1)
        },
        patienceMs * 2 ** (tries - 1),
      )
    }
    const onPopState = () => wait(1)
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
  useEffect(() => {
    latest.current = address
  }, [address])
  return latest
}
