'use client'

import { type RefObject, useLayoutEffect, useRef } from 'react'

/**
 * Scrolls a row of links sideways to show the current one, which may be out of view on a phone.
 * @param path of the current page
 * @returns the ref of the scrolling element
 */
export function useCurrentInView<T extends HTMLElement>(path: string): RefObject<T | null> {
  const row = useRef<T>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path has another current link
  useLayoutEffect(() => {
    const box = row.current
    const current = box?.querySelector('[aria-current]')
    if (!box || !current) return
    const show = () => {
      const [outer, inner] = [box.getBoundingClientRect(), current.getBoundingClientRect()]
      box.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2)
    }
    show()
    // A window that narrows or turns.
    const watching = new ResizeObserver(show)
    watching.observe(box)
    return () => watching.disconnect()
  }, [path])
  return row
}
