'use client'

import { type RefObject, useRef, useState } from 'react'
import type { InitialRows, Rows } from '#components/ui/list/use-rows.ts'
import { useLive } from '#components/ui/live/use-live.ts'

/** Minimum time between two looks for new rows. */
const restMs = 2_000
/** What is slow to find is looked for less often. */
const restFactor = 40
/** The longest rest, however long a look took. */
const maxRestMs = 60_000

type Page = { rows: readonly { seq: string }[] }

export type LiveRows = {
  on: boolean
  turn: (on: boolean) => void
  /** How many new rows wait to be shown. */
  waiting: number
  /** Whether there are more than one page of them. */
  isMore: boolean
  show: () => void
  /** Of the element with the rows. */
  box: RefObject<HTMLDivElement | null>
}

/**
 * Rows of the trail as they are added: those of the newest page. Nothing moves while somebody reads: then new rows wait.
 * @param path of a stream of `change` events; null: the newest page isn't shown
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
      // What happened while it was off.
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
 * @returns the list as it was first given for its address: pages are rendered again for other reasons too, and that alone
 *   moves no rows
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

/** Whether moving the rows would disturb somebody: they scrolled, opened one, point at one or selected text. */
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
