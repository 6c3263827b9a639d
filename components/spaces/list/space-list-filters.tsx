'use client'

import type { ReactNode } from 'react'
import { FilterPresets } from '#components/filters/filter-chips.tsx'
import { type KeptFilters, SavedFilters } from '#components/filters/saved-filters.tsx'
import { typingMs, useFilterForm } from '#components/filters/use-filter-form.ts'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { standings } from '#lib/kernel/model/access/role.ts'
import { isFiltered } from '#lib/kernel/model/spaces/is-filtered.ts'
import type { SpaceQuery, SpaceSort } from '#lib/kernel/model/spaces/space-query.ts'
import { findableStatuses, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { MoreFilters } from './more-filters.tsx'
import type { FilterSearches } from './owner-and-group.tsx'
import { SpaceFilterChips } from './space-filter-chips.tsx'
import { spaceExportPath, spaceListPath } from './space-search.ts'

/** For cards, which have no column headers to press. The default has no parameter. */
const ordersFor = (defaultSort: SpaceSort) => {
  const all = [
    { value: 'attention', label: 'By urgency' },
    { value: 'name', label: 'By name' },
    { value: 'created', label: 'By creation' },
    { value: 'ends', label: 'By end' },
  ]
  return all.map((one) => (one.value === defaultSort ? { ...one, value: '' } : one))
}

/** For platform admins, nothing is counted. */
function presetsFor({ attention, endingSoon }: Counts) {
  const troubled = { href: spaceListPath({ health: 'attention' }), urgent: attention > 0 }
  const needs = attention === 1 ? '1 needs attention' : `${attention} need attention`
  const ending = endingSoon === 1 ? '1 ends soon' : `${endingSoon} end soon`
  return [
    { text: attention > 0 ? needs : 'Needs attention', ...troubled },
    { text: 'Owned by me', href: spaceListPath({ owner: 'me' }) },
    { text: endingSoon > 0 ? ending : 'Ending soon', href: spaceListPath({ ends: 'soon' }) },
    { text: 'Failed', href: spaceListPath({ status: 'failed' }) },
  ]
}

type Counts = { attention: number; endingSoon: number }

type Props = {
  query: SpaceQuery
  ownerName: string | null
  counts: Counts
  defaultSort: SpaceSort
  busy: boolean
  clusters: readonly string[]
  /** Finds an owner and a group, for platform admins; null for everyone else. */
  searches: FilterSearches | null
  /** The person's saved searches; null for an account that can't save any. */
  kept: KeptFilters | null
  /** Chooses the list’s columns. */
  columns: ReactNode
}

/**
 * Search and filters of the list: a plain GET form that shows the page's address and changes it on input. Below it, the
 * active filters, to remove one by one.
 */
export function SpaceListFilters({ query, ownerName, counts, defaultSort, ...rest }: Props) {
  const { busy, clusters, searches, kept, columns } = rest
  const held = searches ? ['owner', 'group', 'issuer'] : ['group', 'issuer']
  const { form, address, send, narrow } = useFilterForm(held)
  function clearSearch() {
    const input = form.current?.elements.namedItem('search')
    if (!(input instanceof HTMLInputElement)) return
    input.value = ''
    input.focus()
    send(0)
  }
  return (
    <search aria-label="Spaces" className="group/filters mb-4 block space-y-2">
      <form
        ref={form}
        action="/"
        className="relative flex flex-wrap items-center gap-2 sm:pr-34"
        onChange={({ target }) => {
          // The text that searches for an owner or a group isn’t a form value.
          if (target instanceof HTMLInputElement && target.name === '') return
          send(target instanceof HTMLInputElement ? typingMs : 0)
        }}
        onSubmit={(event) => {
          event.preventDefault()
          send(0)
        }}
      >
        <SearchBox search={query.search} busy={busy} clear={address.get('search') ? clearSearch : null} />
        <Selects query={query} ownerName={ownerName} seesAll={searches !== null} defaultSort={defaultSort} />
        {query.descending && <input type="hidden" name="order" value="desc" />}
        {held.map((name) => {
          const value = address.get(name)
          return value && <input key={name} type="hidden" name={name} value={value} />
        })}
        <noscript>
          <Button type="submit">Search</Button>
        </noscript>
        <MoreFilters query={query} clusters={clusters} searches={searches} narrow={narrow} />
      </form>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <SpaceFilterChips query={query} ownerName={ownerName} />
          {kept && (
            <SavedFilters
              kept={kept}
              action="/"
              held={spaceListPath({ ...query, page: 1 })}
              isFiltered={isFiltered(query)}
            />
          )}
          {!isFiltered(query) && (
            <div className={foldsOnPhones}>
              <FilterPresets presets={presetsFor(counts)} />
            </div>
          )}
        </div>
        <div className={`-my-0.5 -mr-2.5 ml-auto flex items-center ${foldsOnPhones}`}>
          <div className="max-sm:hidden">{columns}</div>
          {searches && (
            <a href={spaceExportPath(query)} download className={buttonClass('quiet', 'sm')}>
              <Icon name="download" />
              Download CSV
            </a>
          )}
        </div>
      </div>
    </search>
  )
}

type SearchBoxProps = {
  search: SpaceQuery['search']
  busy: boolean
  /** Empties the search; null: it is empty. */
  clear: (() => void) | null
}

function SearchBox({ search, busy, clear }: SearchBoxProps) {
  return (
    <div className="relative min-w-48 flex-1 max-sm:mr-26 max-sm:basis-full">
      <TextField
        label="Search spaces"
        labelHidden
        type="search"
        name="search"
        maxLength={100}
        placeholder="Name or description"
        defaultValue={search}
        // The keyboard can't reach the browser’s own clear button.
        className="[&_input::-webkit-search-cancel-button]:hidden [&_input]:pr-9 [&_input]:pl-8"
      />
      <Icon
        name={busy ? 'progress' : 'search'}
        className={`pointer-events-none absolute top-2.5 left-2.5 text-muted ${busy ? 'animate-spin' : ''}`}
      />
      {clear && (
        <button
          type="button"
          aria-label="Clear search"
          className="absolute top-1 right-1 grid size-7 place-items-center rounded-md text-muted hover:bg-sunken"
          onClick={clear}
        >
          <Icon name="x" />
        </button>
      )}
    </div>
  )
}

/** On phones, everything but the search is shown once the filters are opened (MoreFilters). */
const foldsOnPhones = 'max-sm:group-has-[[data-more]:not([open])]/filters:hidden'

const selectClass = `min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-0 sm:max-w-40 ${foldsOnPhones}`

type SelectsProps = Pick<Props, 'query' | 'ownerName'> & { seesAll: boolean; defaultSort: SpaceSort }

function Selects({ query, ownerName, seesAll, defaultSort }: SelectsProps) {
  const { owner } = query
  return (
    <>
      <SelectField
        label="Status"
        labelHidden
        name="status"
        defaultValue={query.status ?? ''}
        className={selectClass}
        options={[
          { value: '', label: 'Any status' },
          ...findableStatuses.map((value) => ({ value, label: statusLabels[value] })),
        ]}
      />
      {!seesAll && (
        <SelectField
          label="Owner"
          labelHidden
          name="owner"
          defaultValue={owner ?? ''}
          className={selectClass}
          options={[
            { value: '', label: 'Any owner' },
            { value: 'me', label: 'Owned by me' },
            ...(owner && owner !== 'me' ? [{ value: owner, label: ownerName ?? owner }] : []),
          ]}
        />
      )}
      <SelectField
        label="My role"
        labelHidden
        name="role"
        defaultValue={query.role ?? ''}
        className={selectClass}
        options={[
          ...(seesAll
            ? [
                { value: '', label: 'All spaces' },
                { value: 'any', label: 'With a role' },
              ]
            : [{ value: '', label: 'Any role' }]),
          ...standings.toReversed().map((value) => ({ value, label: standingLabel(value) })),
        ]}
      />
      <SelectField
        label="Order"
        labelHidden
        name="sort"
        defaultValue={query.sort === defaultSort ? '' : (query.sort ?? '')}
        className={`${selectClass} lg:hidden`}
        options={ordersFor(defaultSort)}
      />
    </>
  )
}
