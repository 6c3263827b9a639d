'use client'

import { useEffect, useState } from 'react'
import type { SearchResults } from '#lib/features/search/model/search-query.ts'
import { recentParams } from './recent-ids.ts'

const endpoint = '/api/rows/search'
const debounceMs = 120
/** Longer than the server's own database timeout. */
const patienceMs = 30_000

/** Limit of each kind. Dropped results are requested again. */
const maxKnown = 100

type Answer = { text: string; found: SearchResults | null; failure: string | null }

const nothing: SearchResults = { spaces: [], people: [] }

/**
 * Searches on the server once typing pauses, and aborts outdated requests.
 * @param recent ids to look up while there is no text
 * @returns `found` null: not yet, or failed; `known`: all results so far
 */
export function useSearchResults(text: string, recent: readonly string[]) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [known, setKnown] = useState(nothing)
  useEffect(() => {
    const abort = new AbortController()
    async function ask() {
      try {
        const params = new URLSearchParams(text ? { text } : recentParams(recent))
        const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(patienceMs)])
        const response = await fetch(`${endpoint}?${params}`, { cache: 'no-store', signal })
        if (response.status === 401) return window.location.reload()
        const body = await response.json()
        if (!response.ok) return setAnswer({ text, found: null, failure: body.message })
        setAnswer({ text, found: body, failure: null })
        setKnown((before) => ({
          spaces: [...body.spaces, ...before.spaces].slice(0, maxKnown),
          people: [...body.people, ...before.people].slice(0, maxKnown),
        }))
      } catch {
        if (!abort.signal.aborted)
          setAnswer({ text, found: null, failure: 'We got no response. Check your connection.' })
      }
    }
    const timer = setTimeout(() => void ask(), text ? debounceMs : 0)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text, recent])
  const current = answer?.text === text ? answer : null
  return { found: current?.found ?? null, failure: current?.failure ?? null, busy: current === null, known }
}
