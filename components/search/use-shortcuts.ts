'use client'

import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useOpenPage } from '#components/ui/live/page-refresh.ts'
import { singleKey } from '#components/ui/single-keys.ts'

/** Moves the focus to the next or previous row of the page's lists (its row link). */
function stepRows(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main .row-link')].filter((link) => link.checkVisibility())
  const row = currentRow()
  const at = row ? links.findIndex((link) => row.contains(link)) : -1
  const first = by === 1 ? 0 : links.length - 1
  links[at === -1 ? first : at + by]?.focus()
}

/** Selects or deselects the focused row, if its list has checkboxes. */
function toggleRow(): void {
  currentRow()?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click()
}

const currentRow = () => document.activeElement?.closest('main tr') ?? null

/** Time limit for the second key after G. */
const sequenceMs = 1_500

const onMac = () => /Mac|iP/.test(navigator.platform)

/** @returns whether this is a Mac, with ⌘ instead of Ctrl; unknown on the server */
export const useIsMac = () =>
  useSyncExternalStore(
    () => () => {},
    onMac,
    () => false,
  )

type ShortcutActions = {
  toggle: () => void
  showKeys: () => void
  showAudit: boolean
  /** Whether one of them is open or opening. */
  isOpen: boolean
}

/** Shortcuts on every page; key-list.tsx lists them. */
export function useShortcuts(does: ShortcutActions): void {
  const openPage = useOpenPage()
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
      if (place) openPage(place)
      else if (key === '/') focusSearch(toggle)
      else if (key === '?') showKeys()
      else if (key === 'j' || key === 'k') stepRows(key === 'j' ? 1 : -1)
      else if (key === 'x') toggleRow()
      else return
      event.preventDefault()
    }
    // Runs before the page's own key handlers.
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  }, [openPage])
}

/** ⌘K on a Mac, elsewhere Ctrl-K, except in a shell, where Ctrl-K deletes the rest of the line. */
function opensPalette({ key, metaKey, ctrlKey, altKey, shiftKey, target }: KeyboardEvent): boolean {
  if (key.toLowerCase() !== 'k' || altKey || shiftKey) return false
  if (onMac()) return metaKey && !ctrlKey
  return ctrlKey && !metaKey && !(target instanceof Element && target.closest('.xterm'))
}

/**
 * Moves the focus to the page's search or filter.
 * @param otherwise called if it has none
 */
function focusSearch(otherwise: () => void): void {
  const search = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')].find((input) =>
    input.checkVisibility(),
  )
  search?.focus()
  search?.select()
  if (!search) otherwise()
}
