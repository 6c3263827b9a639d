'use client'

import { type RefObject, useEffect, useState } from 'react'
import type { UsageHistory } from '#lib/kernel/model/spaces/usage-sample.ts'

/** Longer than the server's own database timeout. */
const patienceMs = 30_000
/** How far below the window a part is still fetched, in pixels. */
const aheadOf = '200px'

export type Usage = { history: UsageHistory | null; failure: string | null; retry: () => void }

/** @returns whether an element has come near the window; it stays true from then on */
export function useShown(box: RefObject<HTMLElement | null>): boolean {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!box.current) return
    const watching = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setShown(true)
      },
      { rootMargin: aheadOf },
    )
    watching.observe(box.current)
    return () => watching.disconnect()
  }, [box])
  return shown
}

/** @param path of a space’s usage over time; null: not needed yet */
export function useUsage(path: string | null): Usage {
  const [answer, setAnswer] = useState<{ path: string; history: UsageHistory } | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the same request
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setFailure(null)
    fetchUsage(path, abort.signal).then(
      (found) => {
        if (abort.signal.aborted) return
        if (typeof found === 'string') setFailure(found)
        else setAnswer({ path, history: found })
      },
      () => {
        if (!abort.signal.aborted) setFailure('We got no response. Check your connection.')
      },
    )
    return () => abort.abort()
  }, [path, attempt])

  const history = answer?.path === path ? answer.history : null
  return { history, failure, retry: () => setAttempt((before) => before + 1) }
}

/** @returns the usage, or the error */
async function fetchUsage(path: string, signal: AbortSignal): Promise<UsageHistory | string> {
  const answer = await fetch(path, {
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
  })
  const body = await answer.json()
  return answer.ok ? body : String(body.message)
}
