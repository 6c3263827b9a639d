'use client'

import { useSearchParams } from 'next/navigation'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { fillIn, isChosen, isChosenEarly } from '#components/ui/form/fill-in.ts'
import { showAddress } from '#components/ui/live/page-refresh.ts'
import { filterAddress } from './filter-address.ts'
import { type FilterChip, FilterChips, FilterPresets } from './filter-chips.tsx'
import { type KeptFilters, SavedFilters } from './saved-filters.tsx'

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
  /** The input that phones show too; the others are behind a button there. */
  first: ReactNode
  children: ReactNode
  className: string
  /** Where the button goes if not below the inputs. */
  actionsClass?: string
}

/** Submitting the same filters again refreshes the list. */
function showFiltered(form: HTMLFormElement): void {
  const address = filterAddress(form)
  if (address === `${window.location.pathname}${window.location.search}`) window.location.reload()
  else showAddress(address)
}

/**
 * A list's filters: a plain form with its values in the URL. Choices apply immediately, text with Enter or the button.
 * The active filters are shown below and can be removed one by one.
 */
export function FilterForm(props: Props) {
  const { action, label, chips, presets = [], kept, held, first, children, className, actionsClass } = props
  const form = useRef<HTMLFormElement>(null)
  const [unfolded, setUnfolded] = useState(false)
  const address = useSearchParams()
  const isFollowed = useRef(false)
  useEffect(() => {
    if (!form.current) return
    // The form may have been changed before the page's scripts ran.
    if (!isFollowed.current && isChosenEarly(form.current)) form.current.requestSubmit()
    else fillIn(form.current, address, { keepTyped: !isFollowed.current })
    isFollowed.current = true
  }, [address])
  return (
    <div className="mb-4 space-y-2">
      <form
        ref={form}
        action={action}
        aria-label={label}
        autoComplete="off"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault()
          showFiltered(event.currentTarget)
        }}
        onChange={({ target }) => {
          if (isChosen(target)) form.current?.requestSubmit()
        }}
        className={classNames('grid items-start gap-3 rounded-lg border bg-surface p-4', className)}
      >
        {first}
        <div className={classNames('contents', !unfolded && 'not-noscript:max-sm:hidden')}>{children}</div>
        <div className={classNames('col-span-full flex flex-wrap gap-2', actionsClass)}>
          <Button type="submit" variant="primary" icon="filter">
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
        </div>
      </form>
      <FilterChips chips={chips} clearHref={action} />
      {kept && <SavedFilters kept={kept} action={action} held={held} isFiltered={chips.length > 0} />}
      {chips.length === 0 && <FilterPresets presets={presets} />}
    </div>
  )
}
