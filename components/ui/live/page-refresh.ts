'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useState, useTransition } from 'react'
import { clickedLink } from '#components/ui/clicked-link.ts'

/** Components with a refresh that isn’t shown yet. */
const refreshing = new Set<object>()
type Change = { address: URL; how: 'push' | 'replace' }
let waiting: Change[] = []
let givingUp: ReturnType<typeof setTimeout> | undefined
let refreshAgain: (() => void) | undefined
/** The longest wait for a refresh, in milliseconds. */
const patienceMs = 8_000

function settle(one: object): void {
  refreshing.delete(one)
  if (refreshing.size === 0) applyQueued()
}

/** @returns the queued changes, without those of a page that was left in the meantime */
function takeWaiting(): Change[] {
  document.removeEventListener('click', dropAtClick, true)
  clearTimeout(givingUp)
  givingUp = undefined
  const all = waiting
  waiting = []
  return all.filter(({ address }) => address.pathname === window.location.pathname)
}

function applyQueued(): void {
  for (const { address, how } of takeWaiting()) {
    if (how === 'push') window.history.pushState(null, '', address)
    else window.history.replaceState(null, '', address)
  }
}

/** The router then drops the refresh, and starts the next one. Reloading the page would abort running actions. */
function giveUp(): void {
  applyQueued()
  refreshAgain?.()
}

/** Drops queued changes. Lists handle clicks on their own links before this, and prevent the browser’s action. */
function dropAtClick(event: MouseEvent): void {
  const link = clickedLink(event)
  if (link && (link.pathname !== window.location.pathname || link.search !== window.location.search)) takeWaiting()
}

/**
 * @returns a stable function that opens another page. It drops queued changes of this one, which would cancel a slow
 * navigation.
 */
export function useOpenPage(): (href: string) => void {
  const { push } = useRouter()
  return useCallback(
    (href) => {
      takeWaiting()
      push(href)
    },
    [push],
  )
}

/** @returns a stable function that makes the server render the page again */
export function useRefresh(): () => void {
  const { refresh } = useRouter()
  const [isPending, startTransition] = useTransition()
  const [self] = useState(() => ({}))
  useEffect(() => {
    if (!isPending) settle(self)
  }, [isPending, self])
  useEffect(() => () => settle(self), [self])
  return useCallback(() => {
    refreshing.add(self)
    refreshAgain = () => startTransition(refresh)
    refreshAgain()
  }, [self, refresh])
}

/**
 * Changes the page’s query without loading the page. Waits for a running refresh, since the router would drop it and
 * show neither (Next.js 16); after a timeout, the page is refreshed once more. Before the router has started, the page
 * is loaded instead, since the router would restore the old URL.
 */
export function showAddress(address: string | URL, how: Change['how'] = 'push'): void {
  if (!isRouterStarted()) {
    window.location.assign(address)
    return
  }
  waiting.push({ address: new URL(address, window.location.href), how })
  if (refreshing.size === 0) {
    applyQueued()
    return
  }
  document.addEventListener('click', dropAtClick, true)
  givingUp ??= setTimeout(giveUp, patienceMs)
}

/** @returns the page’s address once the queued changes are applied */
export const latestAddress = (): URL => waiting.at(-1)?.address ?? new URL(window.location.href)

/** The router replaces these browser functions with its own once it is active. */
const isRouterStarted = () => Object.hasOwn(window.history, 'pushState')
