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
    const current = row.current?.querySelector('[aria-current]')
    if (!row.current || !current) return
    const [outer, inner] = [row.current.getBoundingClientRect(), current.getBoundingClientRect()]
    row.current.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2)
  }, [path])
  return row
}
