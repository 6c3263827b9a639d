'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { fillIn, isFilledEarly } from '#components/ui/form/fill-in.ts'
import { latestAddress, showAddress } from '#components/ui/live/page-refresh.ts'
import { filterAddress } from './filter-address.ts'

/** How long typing has to pause before the text applies. */
export const typingMs = 250

type How = 'push' | 'replace'

/**
 * Keeps a filter form and the page’s address in step.
 * @param picked names of values that no control of the form has
 * @param isRendered whether the server renders the page again for another address; otherwise the page fetches its rows
 */
export function useFilterForm(picked: readonly string[], isRendered = false) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const own = useRef<string | null>(null)
  const isFollowed = useRef(false)
  const address = useSearchParams()
  useEffect(() => () => clearTimeout(timer.current), [])
  // A link or the browser's Back can change the address too. Then discard what is being typed.
  useEffect(() => {
    if (own.current === address.toString()) return
    own.current = null
    clearTimeout(timer.current)
    if (!form.current) return
    // Text and choices from before the page’s scripts ran.
    if (!isFollowed.current && isFilledEarly(form.current)) form.current.requestSubmit()
    else fillIn(form.current, address)
    isFollowed.current = true
  }, [address])

  function show(next: URL, how: How) {
    if (isRendered) router[how](`${next.pathname}${next.search}`, { scroll: false })
    else showAddress(next, how)
  }

  /** Shows the list for the form’s values. */
  function send(afterMs: number, how: How = 'replace') {
    clearTimeout(timer.current)
    const typedAt = window.location.href
    timer.current = setTimeout(() => {
      // A link may have changed the address just now, before the effect above ran.
      if (!form.current || window.location.href !== typedAt) return
      const next = addressOf(form.current, {})
      // Nothing changes, as after typing and then pressing Enter.
      if (next.href === latestAddress().href) return
      own.current = next.searchParams.toString()
      show(next, how)
    }, afterMs)
  }

  /** Shows the list for the form’s values with some picked values, of which empty ones are removed. */
  function narrow(by: Readonly<Record<string, string>>, how: How = 'replace') {
    clearTimeout(timer.current)
    if (form.current) show(addressOf(form.current, by), how)
  }

  function addressOf(of: HTMLFormElement, by: Readonly<Record<string, string>>): URL {
    const next = new URL(filterAddress(of), window.location.href)
    const latest = latestAddress().searchParams
    for (const name of picked) {
      const value = by[name] ?? latest.get(name) ?? ''
      if (value === '') next.searchParams.delete(name)
      else next.searchParams.set(name, value)
    }
    return next
  }

  return { form, address, send, narrow }
}
