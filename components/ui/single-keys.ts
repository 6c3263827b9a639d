'use client'

import { useSyncExternalStore } from 'react'

const stored = 'spaceport-keys'
const changed = 'spaceport:keys'
/** Elements in which letters are typed, or have their own meaning. */
const typing =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="combobox"], [role="menu"]'

/** Whether keys without Ctrl or ⌘ are shortcuts in this browser; on by default. */
const areOn = () => localStorage.getItem(stored) !== 'off'

/**
 * Single keys can be pressed by accident or by speech input, so they can be turned off in this browser (WCAG 2.1.4).
 */
export function turnSingleKeys(to: boolean): void {
  localStorage.setItem(stored, to ? 'on' : 'off')
  window.dispatchEvent(new Event(changed))
}

function subscribe(onChange: () => void): () => void {
  // Changes in this tab, and in others.
  const sources = [changed, 'storage']
  for (const source of sources) window.addEventListener(source, onChange)
  return () => {
    for (const source of sources) window.removeEventListener(source, onChange)
  }
}

export const useSingleKeys = () => useSyncExternalStore(subscribe, areOn, () => true)

/** @returns the key pressed as a shortcut; null while typing, or while a dialog is open */
export function singleKey(event: KeyboardEvent): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target, repeat, defaultPrevented, isComposing } = event
  if (ctrlKey || metaKey || altKey || repeat || defaultPrevented || isComposing || !areOn()) return null
  // Some keyboards have “/” and “?” only with Shift.
  if (shiftKey && /^[a-z]$/i.test(key)) return null
  if ((target instanceof Element && target.closest(typing)) || document.querySelector('dialog[open]')) return null
  return key.toLowerCase()
}
