import { type RefObject, useEffect, useRef } from 'react'
import { maxSearchLength } from '#lib/features/audit/model/search-limits.ts'

/** @returns what is typed while something is on its way that will take the keys: its first text */
export function useEarlyLetters(waiting: boolean): RefObject<string> {
  const typed = useRef('')
  useEffect(() => {
    if (!waiting) return
    typed.current = ''
    function onKey(event: KeyboardEvent) {
      const { key, ctrlKey, metaKey, altKey, isComposing } = event
      if (ctrlKey || metaKey || altKey || isComposing) return
      if (key === 'Backspace') typed.current = typed.current.slice(0, -1)
      else if (key.length === 1) typed.current = (typed.current + key).slice(0, maxSearchLength)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  }, [waiting])
  return typed
}
