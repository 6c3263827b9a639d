'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { singleKey } from '#components/ui/single-keys.ts'

/** Goes to the next row of the page’s lists, or the previous one: to the link that the whole row is. */
function stepRows(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main .row-link')].filter((link) => link.checkVisibility())
  const row = currentRow()
  const at = row ? links.findIndex((link) => row.contains(link)) : -1
  const first = by === 1 ? 0 : links.length - 1
  links[at === -1 ? first : at + by]?.focus()
}

/** Selects the row where the focus is, or no longer, if its list has boxes for that. */
function toggleRow(): void {
  currentRow()?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click()
}

const currentRow = () => document.activeElement?.closest('main tr') ?? null

/** How long after G the second key counts. */
const sequenceMs = 1_500

const onMac = () => /Mac|iP/.test(navigator.platform)

/** @returns whether this is a Mac, where ⌘ is what Ctrl is elsewhere; the server can’t tell */
export const useIsMac = () =>
  useSyncExternalStore(
    () => () => {},
    onMac,
    () => false,
  )

type Does = {
  toggle: () => void
  showKeys: () => void
  showAudit: boolean
  /** Whether what one of them opens is there, or on its way. */
  isOpen: boolean
}

/** The keys that work on each page; key-list.tsx lists them. */
export function useShortcuts(does: Does): void {
  const router = useRouter()
  const latest = useRef(does)
  latest.current = does
  useEffect(() => {
    let sequenceUntil = 0
    function onKey(event: KeyboardEvent) {
      const { toggle, showKeys, showAudit, isOpen } = latest.current
      if (opensPalette(event)) {
        event.preventDefault()
        if (!event.repeat) toggle()
        return
      }
      const key = isOpen ? null : singleKey(event)
      if (key === null) return
      const second = event.timeStamp < sequenceUntil
      sequenceUntil = key === 'g' ? event.timeStamp + sequenceMs : 0
      const places: Record<string, string> = { s: '/', r: '/requests', i: '/inbox', ...(showAudit && { a: '/audit' }) }
      const place = second ? places[key] : key === 'c' ? '/spaces/new' : undefined
      if (place) router.push(place)
      else if (key === '/') focusSearch(toggle)
      else if (key === '?') showKeys()
      else if (key === 'j' || key === 'k') stepRows(key === 'j' ? 1 : -1)
      else if (key === 'x') toggleRow()
      else return
      event.preventDefault()
    }
    // Before what a page does with its own keys.
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  }, [router])
}

/** ⌘K on a Mac, elsewhere Ctrl-K, but not in a shell, where that deletes the rest of the line. */
function opensPalette({ key, metaKey, ctrlKey, altKey, shiftKey, target }: KeyboardEvent): boolean {
  if (key.toLowerCase() !== 'k' || altKey || shiftKey) return false
  if (onMac()) return metaKey && !ctrlKey
  return ctrlKey && !metaKey && !(target instanceof Element && target.closest('.xterm'))
}

/** Goes to the page’s own search or filter. @param otherwise where it has none */
function focusSearch(otherwise: () => void): void {
  const search = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')].find((input) =>
    input.checkVisibility(),
  )
  search?.focus()
  search?.select()
  if (!search) otherwise()
}
