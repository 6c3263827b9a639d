'use client'

import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { SearchResults } from '#lib/features/audit/model/search-query.ts'

type Props = {
  label: string
  name: string
  of: keyof SearchResults
  value: string | undefined
  error: string | undefined
}

type Suggestion = { value: string; detail: string }

const fewestLetters = 2
const debounceMs = 150

/** A text field with suggestions. Other text is allowed. Choosing a suggestion submits the form. */
export function SuggestField({ label, name, of, value, error }: Props) {
  const listId = useId()
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const pending = useRef<AbortController>(undefined)
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      pending.current?.abort()
    },
    [],
  )

  function follow(input: HTMLInputElement) {
    clearTimeout(timer.current)
    pending.current?.abort()
    const text = input.value.trim()
    if (suggestions.some((one) => one.value === text)) return input.form?.requestSubmit()
    if (text.length < fewestLetters) return setSuggestions([])
    const abort = new AbortController()
    pending.current = abort
    timer.current = setTimeout(() => void suggest(of, text, abort.signal).then(setSuggestions, () => {}), debounceMs)
  }

  return (
    <>
      <TextField
        label={label}
        name={name}
        mono={of === 'spaces'}
        list={listId}
        defaultValue={value}
        error={error}
        maxLength={100}
        onInput={(event: FormEvent<HTMLInputElement>) => follow(event.currentTarget)}
      />
      <datalist id={listId}>
        {suggestions.map((one) => (
          <option key={one.value} value={one.value}>
            {one.detail}
          </option>
        ))}
      </datalist>
    </>
  )
}

/** Suggestions are optional: on a failure there are none. */
async function suggest(of: keyof SearchResults, text: string, signal: AbortSignal): Promise<Suggestion[]> {
  const answer = await fetch(`/api/rows/search?${new URLSearchParams({ text })}`, { cache: 'no-store', signal })
  if (!answer.ok) return []
  const found: SearchResults = await answer.json()
  return of === 'people'
    ? found.people.map(({ handle, name, email }) => ({
        value: handle,
        detail: [name, email].filter(Boolean).join(', '),
      }))
    : found.spaces.map(({ name, owner }) => ({ value: name, detail: `of ${owner}` }))
}
