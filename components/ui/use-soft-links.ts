'use client'

import { useRouter } from 'next/navigation'
import { type MouseEvent, useEffect, useRef, useTransition } from 'react'
import { clickedLink } from './clicked-link.ts'

/**
 * For a table with many plain links: the router follows them without a full page load, but without the cost of many
 * `Link`s. While the page is loading, the link's row has `data-pending`.
 * @returns the element's onClick. Leaves new tabs, windows and downloads to the browser.
 */
export function useSoftLinks(): (event: MouseEvent<HTMLElement>) => void {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const row = useRef<HTMLElement>(undefined)
  useEffect(() => {
    if (!isPending) delete row.current?.dataset.pending
  }, [isPending])
  return (event) => {
    const link = clickedLink(event)
    if (!link) return
    event.preventDefault()
    delete row.current?.dataset.pending
    row.current = link.closest('tr') ?? undefined
    if (row.current) row.current.dataset.pending = ''
    startTransition(() => router.push(`${link.pathname}${link.search}${link.hash}`))
  }
}
