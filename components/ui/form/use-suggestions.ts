'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { type Pickable, pickOption } from './pick-option.ts'

type SearchResult<O> = { text: string; options: readonly O[] | null }

const debounceMs = 180

/**
 * Finds suggestions for a text once typing pauses.
 * @param wanted the text, trimmed
 * @param chosen while an option is chosen, nothing is searched
 * @param browses whether to search without a text too
 * @returns `pick`: the option that the text means, null: not known yet; `active`: the index of the option that the arrow
 *   keys selected, or -1; `lookUp` searches at once; `latest`: the current text, also for older closures
 */
export function useSuggestions<O extends Pickable>(
  search: (text: string) => Promise<readonly O[] | null>,
  wanted: string,
  chosen: O | null,
  browses = false,
) {
  const [found, setFound] = useState<SearchResult<O> | null>(null)
  const [active, setActive] = useState(-1)
  const find = useRef(search)
  find.current = search
  const running = useRef<{ text: string; found: Promise<SearchResult<O>> } | null>(null)
  const latest = useRef(wanted)
  latest.current = wanted

  /** Searches once per text, and shows the result if the text is still current. */
  const lookUp = useCallback((asked: string): Promise<SearchResult<O>> => {
    if (running.current?.text === asked) return running.current.found
    const answer = find
      .current(asked)
      .catch(() => null)
      .then((options) => {
        const result = { text: asked, options }
        if (latest.current === asked) {
          setFound(result)
          setActive(-1)
        }
        running.current = null
        return result
      })
    running.current = { text: asked, found: answer }
    return answer
  }, [])

  useEffect(() => {
    if (chosen || (wanted === '' && !browses)) return setFound(null)
    const timer = setTimeout(() => void lookUp(wanted), wanted === '' ? 0 : debounceMs)
    return () => clearTimeout(timer)
  }, [wanted, chosen, browses, lookUp])

  const options = found?.options ?? []
  const pick = wanted !== '' && found?.options && found.text === wanted ? pickOption(wanted, found.options) : null
  return { options, pick, active, setActive, lookUp, latest }
}
