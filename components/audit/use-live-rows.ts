'use client'

import { type RefObject, useRef, useState } from 'react'
import type { InitialRows, Rows } from '#components/ui/list/use-rows.ts'
import { useLive } from '#components/ui/live/use-live.ts'

/** Minimum time between two checks for new rows. */
const restMs = 2_000
/** Slow searches are repeated less often: the pause is this many times as long as the search. */
const restFactor = 40
/** The longest pause, however slow the search. */
const maxRestMs = 60_000

type Page = { rows: readonly { seq: string }[] }

export type LiveRows = {
  on: boolean
  turn: (on: boolean) => void
  /** The number of new rows that wait to be shown. */
  waiting: number
  /** Whether they fill more than one page. */
  isMore: boolean
  show: () => void
  /** The element with the rows. */
  box: RefObject<HTMLDivElement | null>
}

/**
 * Adds new rows to the newest page. While the person is reading, new rows wait.
 * @param path of a stream of `change` events; null: this isn't the newest page
 */
export function useLiveRows<T extends Page>(
  path: string | null,
  { data, peek, replace }: Pick<Rows<T>, 'data' | 'peek' | 'replace'>,
): LiveRows {
  const [on, setOn] = useState(true)
  const [held, setHeld] = useState<{ newest: T; over: T } | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const tookMs = useRef(0)
  const newest = held?.over === data ? held.newest : null

  async function look(): Promise<void> {
    const began = performance.now()
    const now = await peek()
    tookMs.current = performance.now() - began
    if (now === null) return
    if (newRows(now, data) === 0 || !isBeingRead(box.current)) {
      setHeld(null)
      replace(now)
    } else setHeld({ newest: now, over: data })
  }
  useLive(on ? path : null, look, () => Math.min(maxRestMs, Math.max(restMs, restFactor * tookMs.current)))

  const waiting = newest ? newRows(newest, data) : 0
  return {
    on,
    turn(next) {
      setOn(next)
      // Catch up.
      if (next) void look()
    },
    waiting,
    isMore: newest !== null && waiting === newest.rows.length,
    show() {
      if (newest) replace(newest)
      setHeld(null)
      box.current?.scrollIntoView({ block: 'nearest' })
    },
    box,
  }
}

/**
 * @returns the list as first given for its address. The page may be rendered again for other reasons, which must not
 * move rows.
 */
export function useSteady<T>(given: InitialRows<T>): InitialRows<T> {
  const [held, setHeld] = useState(given)
  if (held.search !== given.search) setHeld(given)
  return held
}

function newRows(page: Page, shown: Page): number {
  const newest = shown.rows[0]?.seq
  return newest === undefined ? page.rows.length : page.rows.filter(({ seq }) => BigInt(seq) > BigInt(newest)).length
}

/** Whether moving rows would disturb the reader: they scrolled, opened a row, point at one or selected text. */
function isBeingRead(box: HTMLElement | null): boolean {
  if (box === null) return false
  return (
    box.getBoundingClientRect().top < 0 ||
    box.matches(':hover') ||
    box.contains(document.activeElement) ||
    box.querySelector('details[open]') !== null ||
    document.getSelection()?.isCollapsed === false
  )
}
