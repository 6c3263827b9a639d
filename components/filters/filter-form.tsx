'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { isChosen } from '#components/ui/form/fill-in.ts'
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
  first?: ReactNode
  children?: (narrow: Narrow) => ReactNode
  /** Shown at the end of the line of active filters. */
  aside?: ReactNode
  /** Whether the server renders the page again for other filters; otherwise the page fetches its rows. */
  isRendered?: boolean
}

/**
 * A list's filters in one line: a plain form with its values in the URL. Choices apply at once, text once typing
 * pauses. The active filters are shown below and can be removed one by one.
 */
export function FilterForm(props: Props) {
  const { action, label, chips, presets = [], kept, held, picked = [], first, children, aside } = props
  const { isRendered = false } = props
  const [unfolded, setUnfolded] = useState(false)
  const { form, send, narrow } = useFilterForm(picked, isRendered)
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
        onSubmit={(event) => {
          event.preventDefault()
          send(0, 'push')
        }}
      >
        {first}
        {children && (
          <div className={classNames('contents', !unfolded && 'not-noscript:max-sm:hidden')}>
            {children((by) => narrow(by, 'push'))}
          </div>
        )}
        <Button type="submit" className="not-noscript:hidden">
          Filter
        </Button>
        {children && (
          <Button
            aria-expanded={unfolded}
            variant="quiet"
            className="sm:hidden noscript:hidden"
            onClick={() => setUnfolded((before) => !before)}
          >
            {unfolded ? 'Fewer filters' : 'More filters'}
          </Button>
        )}
      </form>
      <div
        className={classNames(
          'flex items-start justify-between gap-x-4 gap-y-2',
          chips.length > 0 ? 'flex-wrap' : 'xl:flex-wrap',
        )}
      >
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
