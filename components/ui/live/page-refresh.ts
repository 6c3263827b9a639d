'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useState, useTransition } from 'react'

/** Components whose refresh isn’t shown yet. */
const refreshing = new Set<object>()
type Change = { address: URL; how: 'push' | 'replace' }
let waiting: Change[] = []
let givingUp: ReturnType<typeof setTimeout> | undefined
let refreshAgain: (() => void) | undefined
/** Milliseconds after which nobody waits for a refresh any longer. */
const patienceMs = 8_000

function settle(one: object): void {
  refreshing.delete(one)
  if (refreshing.size === 0) goOn()
}

/** @returns the changes that wait, without those of a page that has been left meanwhile */
function takeWaiting(): Change[] {
  clearTimeout(givingUp)
  givingUp = undefined
  const all = waiting
  waiting = []
  return all.filter(({ address }) => address.pathname === window.location.pathname)
}

function goOn(): void {
  for (const { address, how } of takeWaiting()) {
    if (how === 'push') window.history.pushState(null, '', address)
    else window.history.replaceState(null, '', address)
  }
}

/** The router drops the refresh then, and follows with the next. Loading the page would end actions that are under way. */
function giveUp(): void {
  goOn()
  refreshAgain?.()
}

/** @returns a function that has the server render the page again; it stays the same */
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
 * Changes the page’s query without loading the page. While a refresh is under way it waits for that: the router would
 * drop the refresh, and then show neither (Next.js 16). If that takes too long, the page is refreshed once more. Before
 * the router has started, which would put the old address back, the page is loaded.
 */
export function showAddress(address: string | URL, how: Change['how'] = 'push'): void {
  if (!isRouterStarted()) {
    window.location.assign(address)
    return
  }
  waiting.push({ address: new URL(address, window.location.href), how })
  if (refreshing.size === 0) goOn()
  else givingUp ??= setTimeout(giveUp, patienceMs)
}

/** The router replaces these functions of the browser's by its own once it follows them. */
const isRouterStarted = () => Object.hasOwn(window.history, 'pushState')
