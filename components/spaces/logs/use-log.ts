'use client'

import { useEffect, useReducer, useRef, useState } from 'react'
import { addToLog, emptyLog, type LogBuffer } from '#lib/features/spaces/model/log-buffer.ts'
import type { LogEvent } from '#lib/features/spaces/model/log-stream.ts'
import { LogRefused, readLogStream } from './read-log-stream.ts'

/** The first delay before a broken stream is reopened; it doubles each time. */
const retryMs = { first: 1_000, most: 15_000 }

export type LogState = 'reading' | 'ended' | 'waiting' | { refused: string }

type LogRequest = {
  /** The current choice: a change starts over. */
  what: string
  /** The names of the sources: when they change, as after a rollout, reading continues from the same time. */
  names: readonly string[]
  /** @param since the time to start from; null: the beginning */
  pathOf: (since: string | null) => string
}

type Change = { events: readonly LogEvent[]; names: readonly string[] } | 'empty'
const change = (buffer: LogBuffer, given: Change): LogBuffer =>
  given === 'empty' ? emptyLog : addToLog(buffer, given.events, given.names)

/** The last read position: the newest second and its lines, which the server sends again. */
type Place = { what: string; since: string | null; seen: Set<string> }

/** Reads logs while the page shows them, and continues where it was when the stream breaks or pods change. */
export function useLog({ what, names, pathOf }: LogRequest): { log: LogBuffer; state: LogState } {
  const [log, dispatch] = useReducer(change, emptyLog)
  const [state, setState] = useState<LogState>('reading')
  const place = useRef<Place>({ what: '', since: null, seen: new Set() })
  const sources = names.join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: these two say when the others mean something else
  useEffect(() => {
    const ending = new AbortController()
    let wait: number = retryMs.first
    if (place.current.what !== what) {
      place.current = { what, since: null, seen: new Set() }
      dispatch('empty')
    }
    const add = (events: readonly LogEvent[]) => {
      const fresh = events.filter((event) => isNew(place.current, event, names))
      if (events.length > 0) wait = retryMs.first
      dispatch({ events: fresh, names })
    }
    const read = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        setState('reading')
        try {
          await readLogStream(pathOf(place.current.since), add, ending.signal)
          if (!ending.signal.aborted) setState('ended')
          return
        } catch (error) {
          if (ending.signal.aborted) return
          if (error instanceof LogRefused) return setState({ refused: error.message })
          setState('waiting')
          await new Promise((resolve) => setTimeout(resolve, wait))
          wait = Math.min(wait * 2, retryMs.most)
        }
      }
    }
    void read()
    return () => ending.abort()
  }, [what, sources])

  return { log, state }
}

/**
 * Records the position.
 * @returns false if the event was already shown
 */
function isNew(place: Place, { mark, source, text }: LogEvent, names: readonly string[]): boolean {
  if (mark !== ' ') return true
  const line = `${names[source]} ${text}`
  if (place.seen.has(line)) return false
  const second = `${text.slice(0, 19)}Z`
  if (place.since === null || second > place.since) {
    place.since = second
    place.seen = new Set()
  }
  if (second === place.since) place.seen.add(line)
  return true
}
