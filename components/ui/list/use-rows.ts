'use client'

import { useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { sortedSearch } from './sorted-search.ts'

/** A list's data, the names of its parameters, and the URL parameters that the data belongs to (sortedSearch). */
export type InitialRows<T> = { names: readonly string[]; search: string; data: T }

export type Rows<T> = {
  data: T
  /** Whether `data` still belongs to an earlier URL. */
  busy: boolean
  failure: { message: string; requestId: string } | null
  retry: () => void
  /**
   * Fetches the rows of the same URL again, without showing them.
   * @returns null if that failed
   */
  peek: () => Promise<T | null>
  /** Shows these rows, unless the URL has changed. */
  replace: (data: T) => void
  /** How often rows were fetched so far. */
  loads: number
}

/** Longer than the server's own timeout for the database, in milliseconds. */
const patienceMs = 30_000

const noAnswer = { message: 'We got no response. Check your connection.', requestId: '' }

/**
 * The rows of a list for the page's URL: the first come with the page, later ones as JSON from `endpoint`, with the
 * same parameters. Outdated requests are aborted.
 * @param given the server-rendered list; a new one, e.g. after an action, replaces the rows
 */
export function useRows<T>(endpoint: string, given: InitialRows<T>): Rows<T> {
  const wanted = sortedSearch(useSearchParams(), given.names)
  const [rendered, setRendered] = useState(given)
  const [shown, setShown] = useState<Omit<InitialRows<T>, 'names'>>(given)
  const [failed, setFailed] = useState<{ search: string; failure: NonNullable<Rows<T>['failure']> } | null>(null)
  const [loads, setLoads] = useState(0)
  const [attempt, setAttempt] = useState(0)
  if (rendered !== given) {
    setRendered(given)
    setShown(given)
  }
  const stale = shown.search !== wanted

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the same request
  useEffect(() => {
    setFailed(null)
    if (!stale) return
    const abort = new AbortController()
    fetchRows<T>(`${endpoint}?${wanted}`, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted || answer === 'reloading') return
        if ('failure' in answer) return setFailed({ search: wanted, failure: answer.failure })
        setShown({ search: wanted, data: answer.data })
        setLoads((before) => before + 1)
      },
      () => {
        if (!abort.signal.aborted) setFailed({ search: wanted, failure: noAnswer })
      },
    )
    return () => abort.abort()
  }, [endpoint, wanted, stale, attempt])

  async function peek(): Promise<T | null> {
    try {
      const answer = await fetchRows<T>(`${endpoint}?${wanted}`, AbortSignal.timeout(patienceMs))
      return answer !== 'reloading' && 'data' in answer ? answer.data : null
    } catch {
      return null
    }
  }
  const replace = (data: T) => setShown((before) => (before.search === wanted ? { search: wanted, data } : before))

  const failure = stale && failed?.search === wanted ? failed.failure : null
  const retry = () => setAttempt((before) => before + 1)
  return { data: shown.data, busy: stale && !failure, failure, retry, loads, peek, replace }
}

type Answer<T> = { data: T } | { failure: { message: string; requestId: string } } | 'reloading'

/**
 * For refusals that a retry can't fix (session ended, invalid parameter, a newer portal without this URL), the page is
 * reloaded, and shows or fixes the problem.
 */
async function fetchRows<T>(url: string, signal: AbortSignal): Promise<Answer<T>> {
  const answer = await fetch(url, {
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
  })
  if (answer.ok) return { data: await answer.json() }
  if (answer.status < 500 && answer.status !== 429) {
    window.location.reload()
    return 'reloading'
  }
  const { message, requestId } = await answer.json()
  return { failure: { message, requestId } }
}
