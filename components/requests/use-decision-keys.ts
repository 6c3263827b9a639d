'use client'

import { type RefObject, useEffect } from 'react'
import { singleKey } from '#components/ui/single-keys.ts'

/**
 * Lets A and D move the focus to the buttons that approve and deny. They decide nothing.
 * @param bar what contains the two buttons
 */
export function useDecisionKeys(bar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const focusButton = (event: KeyboardEvent) => {
      const value = { a: 'approve', d: 'deny' }[singleKey(event) ?? '']
      if (value) bar.current?.querySelector<HTMLButtonElement>(`button[value="${value}"]`)?.focus()
    }
    document.addEventListener('keydown', focusButton)
    return () => document.removeEventListener('keydown', focusButton)
  }, [bar])
}
