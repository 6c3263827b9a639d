import type { MouseEvent } from 'react'

/** @returns the link to this site that was clicked, if the page may follow it: no new tab or window, no download */
export function clickedLink(event: MouseEvent<HTMLElement>): HTMLAnchorElement | null {
  const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented, target } = event
  if (defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return null
  const link = target instanceof Element ? target.closest('a') : null
  if (!link || link.origin !== window.location.origin || link.target !== '' || link.hasAttribute('download'))
    return null
  return link
}
