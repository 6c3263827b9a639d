'use client'

import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { Button } from '#components/ui/button.tsx'
import { filterAddress } from '#components/ui/filter-address.ts'
import { Icon } from '#components/ui/icon.tsx'
import { SelectField } from '#components/ui/select-field.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import { standings } from '#lib/domain/role.ts'
import type { SpaceQuery } from '#lib/domain/space-query.ts'
import { findableStatuses, statusLabels } from '#lib/domain/space-status.ts'
import { isFiltered } from './space-search.ts'

const typingMs = 250

type Props = { query: SpaceQuery; ownerName?: string | undefined; busy: boolean }

/** Search and filters of the list: a plain GET form; on input, it changes the page's address. */
export function SpaceListFilters({ query, ownerName, busy }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // The address may change without the form, as by the browser's Back. What is being typed stays.
  useEffect(() => {
    if (timer.current !== undefined) return
    for (const name of ['search', 'status', 'owner', 'role'] as const) {
      const control = form.current?.elements.namedItem(name)
      if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) continue
      if (control.value.trim() !== (query[name] ?? '')) control.value = query[name] ?? ''
    }
  }, [query])

  function send(afterMs: number) {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      timer.current = undefined
      if (!form.current) return
      window.history.replaceState(null, '', filterAddress(form.current))
    }, afterMs)
  }

  const { owner } = query
  return (
    <search aria-label="Spaces">
      <form
        ref={form}
        action="/"
        className="mb-4 flex flex-wrap items-center gap-2"
        onChange={(event) => send(event.target instanceof HTMLInputElement ? typingMs : 0)}
        onSubmit={(event) => {
          event.preventDefault()
          send(0)
        }}
      >
        <div className="relative min-w-48 flex-1 max-sm:basis-full">
          <TextField
            label="Search spaces"
            labelHidden
            type="search"
            name="search"
            maxLength={100}
            placeholder="Search by name or description"
            defaultValue={query.search}
            className="[&_input]:pl-8"
          />
          <Icon
            name={busy ? 'progress' : 'search'}
            className={`pointer-events-none absolute top-2.5 left-2.5 text-muted ${busy ? 'animate-spin' : ''}`}
          />
        </div>
        <SelectField
          label="Status"
          labelHidden
          name="status"
          defaultValue={query.status ?? ''}
          className="min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-0 sm:max-w-40"
          options={[
            { value: '', label: 'Any status' },
            ...findableStatuses.map((value) => ({ value, label: statusLabels[value] })),
          ]}
        />
        <SelectField
          label="Owner"
          labelHidden
          name="owner"
          defaultValue={owner ?? ''}
          className="min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-0 sm:max-w-40"
          options={[
            { value: '', label: 'Any owner' },
            { value: 'me', label: 'Owned by me' },
            ...(owner && owner !== 'me' ? [{ value: owner, label: ownerName ?? owner }] : []),
          ]}
        />
        <SelectField
          label="My role"
          labelHidden
          name="role"
          defaultValue={query.role ?? ''}
          className="min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-0 sm:max-w-40"
          options={[
            { value: '', label: 'Any role' },
            ...standings.toReversed().map((value) => ({ value, label: standingLabel(value) })),
          ]}
        />
        {query.sort && query.sort !== 'name' && <input type="hidden" name="sort" value={query.sort} />}
        {query.descending && <input type="hidden" name="order" value="desc" />}
        <noscript>
          <Button type="submit">Search</Button>
        </noscript>
        {isFiltered(query) && (
          <Link href="/" prefetch={false} className="text-link inline-flex min-h-9 items-center px-1 text-sm">
            Clear filters
          </Link>
        )}
      </form>
    </search>
  )
}
