'use client'

import { useRouter } from 'next/navigation'
import type { MouseEvent } from 'react'

/**
 * For many plain links in one element, as in a page of rows: the router follows them without loading a whole page, as
 * it does a `Link`, but none of them costs what a `Link` does.
 * @returns the element's onClick. Clicks that mean a new tab, a window or a download are left to the browser.
 */
export function useSoftLinks(): (event: MouseEvent<HTMLElement>) => void {
  const router = useRouter()
  return (event) => {
    const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented, target } = event
    if (defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return
    const link = target instanceof Element ? target.closest('a') : null
    if (!link || link.origin !== window.location.origin || link.target !== '' || link.hasAttribute('download')) return
    event.preventDefault()
    router.push(`${link.pathname}${link.search}${link.hash}`)
  }
}
