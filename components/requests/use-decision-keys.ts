'use client'

import { type RefObject, useEffect, useState } from 'react'

const stored = 'spaceport-decision-keys'
/** Where letters are typed, or have a meaning of their own. */
const typing = 'input, textarea, select, [contenteditable], [role="combobox"], [role="menu"], dialog'

/**
 * Lets A and D move the focus to the buttons that approve and deny. They decide nothing. As a single letter may be
 * pressed by accident or said to a computer, they can be turned off in this browser (WCAG 2.1.4).
 * @param bar what contains the two buttons
 */
export function useDecisionKeys(bar: RefObject<HTMLElement | null>): { on: boolean; turn: (on: boolean) => void } {
  const [on, setOn] = useState(true)
  useEffect(() => setOn(localStorage.getItem(stored) !== 'off'), [])
  useEffect(() => {
    if (!on) return
    const focusButton = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target, repeat, defaultPrevented } = event
      if (ctrlKey || metaKey || altKey || repeat || defaultPrevented) return
      if (target instanceof Element && target.closest(typing)) return
      const value = { a: 'approve', d: 'deny' }[key.toLowerCase()]
      if (value) bar.current?.querySelector<HTMLButtonElement>(`button[value="${value}"]`)?.focus()
    }
    document.addEventListener('keydown', focusButton)
    return () => document.removeEventListener('keydown', focusButton)
  }, [on, bar])
  return {
    on,
    turn: (to) => {
      localStorage.setItem(stored, to ? 'on' : 'off')
      setOn(to)
    },
  }
}
