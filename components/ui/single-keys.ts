'use client'

import { useSyncExternalStore } from 'react'

const stored = 'spaceport-keys'
const changed = 'spaceport:keys'
/** Where letters are typed, or have a meaning of their own. */
const typing =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="combobox"], [role="menu"]'

/** Whether keys without Ctrl or ⌘ do something in this browser: until somebody turns them off. */
const areOn = () => localStorage.getItem(stored) !== 'off'

/**
 * As a single key may be pressed by accident or said to a computer, all of them can be turned off in this browser (WCAG
 * 2.1.4).
 */
export function turnSingleKeys(to: boolean): void {
  localStorage.setItem(stored, to ? 'on' : 'off')
  window.dispatchEvent(new Event(changed))
}

function subscribe(onChange: () => void): () => void {
  // Of this tab, and of others.
  const sources = [changed, 'storage']
  for (const source of sources) window.addEventListener(source, onChange)
  return () => {
    for (const source of sources) window.removeEventListener(source, onChange)
  }
}

export const useSingleKeys = () => useSyncExternalStore(subscribe, areOn, () => true)

/** @returns the key that was pressed for what it does by itself; null while somebody types, or a dialog is open */
export function singleKey(event: KeyboardEvent): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target, repeat, defaultPrevented, isComposing } = event
  if (ctrlKey || metaKey || altKey || repeat || defaultPrevented || isComposing || !areOn()) return null
  // Some keyboards have “/” and “?” only with Shift.
  if (shiftKey && /^[a-z]$/i.test(key)) return null
  if ((target instanceof Element && target.closest(typing)) || document.querySelector('dialog[open]')) return null
  return key.toLowerCase()
}
