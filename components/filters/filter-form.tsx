'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { isChosen } from '#components/ui/form/fill-in.ts'
import { filterAddress } from './filter-address.ts'
import { type FilterChip, FilterChips, FilterPresets } from './filter-chips.tsx'
import { type KeptFilters, SavedFilters } from './saved-filters.tsx'
import { typingMs, useFilterForm } from './use-filter-form.ts'

/** Applies values of the query that no control of the form has. */
export type Narrow = (by: Readonly<Record<string, string>>) => void

type Props = {
  /** The page's path. */
  action: string
  label: string
  /** The active filters. */
  chips: readonly FilterChip[]
  /** Common filters, shown while none is active. */
  presets?: readonly FilterChip[]
  /** The person's saved filters; null for an account that saves none. */
  kept: KeptFilters | null
  /** The URL of the active filters, from the first page. */
  held: string
  /** The names of the query’s values that no control has: pickers set them, and chips remove them. */
  picked?: readonly string[]
  /** The input that phones show too; the others are behind a button there. */
  first: ReactNode
  children: (narrow: Narrow) => ReactNode
  /** Shown at the end of the line of active filters. */
  aside?: ReactNode
  /** Whether the server renders the page again for other filters; otherwise the page fetches its rows. */
  isRendered?: boolean
}

/** The width of one of several fields in the line. */
export const filterFieldClass = 'min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-28 sm:max-w-36'
/** The width of the field that gets what is left. */
export const firstFieldClass = 'min-w-48 flex-1 max-sm:basis-full'

/**
 * A list's filters in one line: a plain form with its values in the URL. Choices apply at once, text once typing
 * pauses. The active filters are shown below and can be removed one by one.
 */
export function FilterForm(props: Props) {
  const { action, label, chips, presets = [], kept, held, picked = [], first, children, aside } = props
  const { isRendered = false } = props
  const [unfolded, setUnfolded] = useState(false)
  const { form, address, send, narrow } = useFilterForm(isRendered)
  return (
    <div className="mb-4 space-y-2">
      <form
        ref={form}
        action={action}
        aria-label={label}
        autoComplete="off"
        className="flex flex-wrap items-start gap-2"
        onChange={({ target }) => {
          // The text of a picker isn’t a value of the form.
          if (target instanceof HTMLInputElement && target.name === '') return
          if (isChosen(target)) send(0, 'push')
          else send(typingMs)
        }}
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault()
          const isShown = filterAddress(event.currentTarget) === `${window.location.pathname}${window.location.search}`
          if (isShown) window.location.reload()
          else send(0, 'push')
        }}
      >
        {first}
        <div className={classNames('contents', !unfolded && 'not-noscript:max-sm:hidden')}>
          {children((by) => narrow(by, 'push'))}
        </div>
        {picked.map((name) => {
          const value = address.get(name)
          return value && <input key={name} type="hidden" name={name} value={value} />
        })}
        <Button type="submit" className="not-noscript:hidden">
          Filter
        </Button>
        <Button
          aria-expanded={unfolded}
          variant="quiet"
          className="sm:hidden noscript:hidden"
          onClick={() => setUnfolded((before) => !before)}
        >
          {unfolded ? 'Fewer filters' : 'More filters'}
        </Button>
      </form>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <FilterChips chips={chips} clearHref={action} />
          {kept && <SavedFilters kept={kept} action={action} held={held} isFiltered={chips.length > 0} />}
          {chips.length === 0 && <FilterPresets presets={presets} />}
        </div>
        {aside}
      </div>
    </div>
  )
}
