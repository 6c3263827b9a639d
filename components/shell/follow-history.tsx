'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** Milliseconds that the router has to follow Back and Forward. */
const patienceMs = 3_000

const address = () => window.location.pathname + window.location.search

/**
 * Loads the page where Back or Forward has changed the address and the router doesn’t follow: one that comes in the midst
 * of a refresh can leave it waiting for an answer that it has discarded itself (Next.js 16).
 */
export function FollowHistory() {
  const path = usePathname()
  const search = useSearchParams().toString()
  /** The address when the router last changed its own. */
  const followed = useRef<string>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when the router has followed
  useEffect(() => {
    followed.current = address()
  }, [path, search])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const onHistory = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (followed.current !== address()) window.location.reload()
      }, patienceMs)
    }
    addEventListener('popstate', onHistory)
    return () => {
      removeEventListener('popstate', onHistory)
      clearTimeout(timer)
    }
  }, [])
  return null
}
