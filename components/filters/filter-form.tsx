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
  /** What holds now. */
  chips: readonly FilterChip[]
  /** What people look for often, offered while nothing is filtered. */
  presets?: readonly FilterChip[]
  /** What the person has saved; null for an account that keeps nothing. */
  kept: KeptFilters | null
  /** The address of what holds now, from its first page on. */
  held: string
  /** The input that phones show too; the others are behind a button there. */
  first: ReactNode
  children: ReactNode
  /** How the inputs are laid out. */
  className: string
  /** Where the button goes if not below them. */
  actionsClass?: string
}

/** The same filters again are a wish for what happened since. */
function showFiltered(form: HTMLFormElement): void {
  const address = filterAddress(form)
  if (address === `${window.location.pathname}${window.location.search}`) window.location.reload()
  else showAddress(address)
}

/**
 * A list's filters: a plain form whose values are in the page's address. What is chosen holds at once, what is typed
 * with Enter or the button. Below it, what holds, to be taken away one by one.
 */
export function FilterForm(props: Props) {
  const { action, label, chips, presets = [], kept, held, first, children, className, actionsClass } = props
  const form = useRef<HTMLFormElement>(null)
  const [unfolded, setUnfolded] = useState(false)
  const address = useSearchParams()
  const isFollowed = useRef(false)
  useEffect(() => {
    if (!form.current) return
    // Somebody may have chosen or typed before the page’s scripts ran.
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
