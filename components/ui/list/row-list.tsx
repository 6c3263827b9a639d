'use client'

import { type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { clickedLink } from '#components/ui/clicked-link.ts'
import { showAddress } from '#components/ui/live/page-refresh.ts'
import type { Rows } from './use-rows.ts'

type Props = {
  rows: Pick<Rows<unknown>, 'busy' | 'failure' | 'retry' | 'loads'>
  /** A short description of the rows, which screen readers announce after a change. */
  summary: string
  /** Content that stays while rows are fetched, such as a search. */
  before?: ReactNode
  children: ReactNode
}

const slowMs = 1_000

/**
 * A list with links that change the URL and the rows without loading the page: order, pages, filters. Reports slow and
 * failed fetches, and announces new rows, which scroll into view and keep the focus.
 */
export function RowList({ rows, summary, before, children }: Props) {
  const { busy, failure, retry, loads } = rows
  const slow = useIsLong(busy)
  const box = useRef<HTMLDivElement>(null)
  // In the same commit as the rows: focus-keeper.tsx looks for a lost focus right after.
  useLayoutEffect(() => {
    if (loads === 0 || !box.current) return
    if (box.current.getBoundingClientRect().top < 0) box.current.scrollIntoView()
    // The clicked link may have disappeared with the rows.
    if (document.activeElement === document.body) box.current.focus({ preventScroll: true })
  }, [loads])

  return (
    <div onClickCapture={followOwnLink}>
      {before}
      <p aria-live="polite" className={slow ? 'mb-3 text-muted text-sm' : 'sr-only'}>
        {slow ? 'Still loading…' : loads > 0 && !busy && !failure ? summary : ''}
      </p>
      {failure && (
        <Alert
          kind="bad"
          live
          title="These rows couldn’t be loaded"
          action={
            <Button size="sm" icon="refresh" onClick={retry}>
              Retry
            </Button>
          }
          className="mb-4"
        >
          <p>{failure.message}</p>
          {failure.requestId !== '' && (
            <p className="text-muted text-xs">
              Reference <span className="wrap-anywhere font-mono">{failure.requestId}</span>
            </p>
          )}
        </Alert>
      )}
      <div ref={box} tabIndex={-1} aria-busy={busy} hidden={failure !== null} className="scroll-mt-4 outline-none">
        {children}
      </div>
    </div>
  )
}

/** Before `Link` handles the click, which would make the server render the page. */
function followOwnLink(event: MouseEvent<HTMLElement>): void {
  const link = clickedLink(event)
  if (link?.pathname !== window.location.pathname || link.search === window.location.search) return
  event.preventDefault()
  showAddress(link.href)
}

/** @returns whether something has been running for more than a second */
function useIsLong(going: boolean): boolean {
  const [long, setLong] = useState(false)
  useEffect(() => {
    if (!going) return
    const timer = setTimeout(() => setLong(true), slowMs)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [going])
  return long
}
