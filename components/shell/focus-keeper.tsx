'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** The element that had the focus, and its position. */
type Place = {
  element: Element
  /** The rows around it, and its own row's index. */
  row: { rows: Element; at: number } | null
  /** The sections around it, innermost first. */
  sections: readonly Element[]
}

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled)'

/**
 * Rendered once, in the root layout. Without it, screen readers and keyboards would start at the top after each change.
 * A new page focuses its heading. If the focused element is removed, the row that replaced it gets the focus, or else
 * the section's heading.
 */
export function FocusKeeper() {
  const path = usePathname()
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    // The page may have already moved the focus into its form.
    if (!document.activeElement?.matches('main input, main textarea, main select')) focusHeading(document)
  }, [path])

  useEffect(() => {
    let place: Place | null = null
    function onFocus({ target }: FocusEvent) {
      place = target instanceof Element ? placeOf(target) : null
    }
    function onBlur({ target }: FocusEvent) {
      // Chrome sends this event also just before it removes an element; a remaining element lost the focus on purpose.
      queueMicrotask(() => {
        if (place?.element === target && place.element.isConnected && place.element !== document.activeElement)
          place = null
      })
    }
    const observer = new MutationObserver(() => {
      if (place === null || place.element.isConnected || document.activeElement !== document.body) return
      const gone = place
      place = null
      moveOn(gone)
    })
    document.addEventListener('focusin', onFocus)
    document.addEventListener('focusout', onBlur)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('focusout', onBlur)
      observer.disconnect()
    }
  }, [])
  return null
}

function placeOf(element: Element): Place {
  const dialog = element.closest('dialog')
  const from = dialog ? dialog.parentElement : element
  const row = from?.closest('tr, li') ?? null
  const rows = row?.parentElement
  const sections: Element[] = []
  for (let at = from?.closest('section'); at; at = at.parentElement?.closest('section')) sections.push(at)
  return { element, row: row && rows ? { rows, at: [...rows.children].indexOf(row) } : null, sections }
}

function moveOn({ row, sections }: Place): void {
  const next = row?.rows.isConnected ? (row.rows.children[row.at] ?? row.rows.lastElementChild) : null
  const control = next?.querySelector<HTMLElement>(focusable)
  const section = sections.find((one) => one.isConnected)
  if (control) control.focus()
  else if (!section || !focusHeading(section)) focusHeading(document)
}

/** @returns whether there is a heading */
function focusHeading(within: Document | Element): boolean {
  const heading = within.querySelector<HTMLElement>(within === document ? 'main h1' : 'h2, h3')
  if (!heading) return false
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  return true
}
