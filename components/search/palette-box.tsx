'use client'

import { usePathname } from 'next/navigation'
import { type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useMemo, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { Icon } from '#components/ui/icon.tsx'
import { maxSearchLength } from '#lib/features/search/model/search-limits.ts'
import { fixedOptions, type PaletteOption, type PaletteRights } from './palette-options.ts'
import { readRecentIds } from './recent-ids.ts'
import { type ShownGroup, searchedText, shownOptions } from './shown-options.ts'
import { useSearchResults } from './use-search-results.ts'

type Props = { rights: PaletteRights; early: RefObject<string>; choose: (option: PaletteOption) => void }

/**
 * The palette's search box and results (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/, list with automatic
 * selection). Enter waits for the server's results unless an arrow key has selected one.
 */
export function PaletteBox({ rights, early, choose }: Props) {
  const listId = useId()
  const path = usePathname()
  const [typed, setTyped] = useState(() => early.current)
  const [arrowed, setArrowed] = useState<string | null>(null)
  const [entered, setEntered] = useState(false)
  const [recent] = useState(readRecentIds)
  const { found, failure, busy, known } = useSearchResults(searchedText(typed), recent)
  const { admin, mayActivate, helpUrl } = rights
  const fixed = useMemo(() => fixedOptions({ admin, mayActivate, helpUrl }, path), [admin, mayActivate, helpUrl, path])
  const groups = useMemo(
    () => shownOptions({ typed, fixed, found, known, recent }),
    [typed, fixed, found, known, recent],
  )
  const options = groups.flatMap((group) => group.options)
  const at = Math.max(
    options.findIndex(({ id }) => id === arrowed),
    0,
  )
  const active = options[at]

  // In the same commit, so that the palette is closed before the next key press.
  useLayoutEffect(() => {
    if (!entered || busy) return
    setEntered(false)
    if (active) choose(active)
  }, [entered, busy, active, choose])
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at, listId])

  function onKey(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length > 0) {
      event.preventDefault()
      setArrowed(options[(at + step + options.length) % options.length]?.id ?? null)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (busy && !(active && active.id === arrowed)) setEntered(true)
      else if (active) choose(active)
    }
  }

  const said = failure ?? (busy ? '' : options.length === 0 ? `Nothing found for “${typed.trim()}”.` : '')
  return (
    <>
      <div className="flex items-center gap-2.5 border-b py-1.5 pr-12 pl-4 focus-within:border-accent">
        <Icon name="search" className="text-muted" />
        <input
          type="text"
          role="combobox"
          aria-label="Search spaces, pages and actions"
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={listId}
          aria-activedescendant={active && `${listId}-${at}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={maxSearchLength}
          placeholder="Search or type a command"
          className="min-h-9 min-w-0 flex-1 bg-transparent outline-none placeholder:text-muted"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setArrowed(null)
            setEntered(false)
          }}
          onKeyDown={onKey}
        />
      </div>
      <p role="status" className={said ? 'px-4 py-3 text-muted text-sm' : 'sr-only'}>
        {said || (busy ? '' : options.length === 1 ? '1 result' : `${options.length} results`)}
      </p>
      <Results listId={listId} groups={groups} options={options} active={active} choose={choose} />
      <p className="border-t px-4 py-2 text-muted text-xs max-sm:hidden">
        <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to open, <kbd>Esc</kbd> to close
      </p>
    </>
  )
}

type ResultsProps = {
  listId: string
  groups: readonly ShownGroup[]
  /** The options of all groups. */
  options: readonly PaletteOption[]
  active: PaletteOption | undefined
  choose: Props['choose']
}

function Results({ listId, groups, options, active, choose }: ResultsProps) {
  const idOf = (option: PaletteOption) => `${listId}-${options.indexOf(option)}`
  return (
    <div
      id={listId}
      role="listbox"
      aria-label="Results"
      hidden={options.length === 0}
      className="max-h-[min(26rem,60dvh)] overflow-y-auto p-1.5"
    >
      {groups.map(({ group, options }) => (
        // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not fieldsets
        <div key={group} role="group" aria-label={group}>
          <p aria-hidden className="px-2.5 pt-2 pb-1 text-muted text-xs">
            {group}
          </p>
          {options.map((option) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus; the option is named by aria-activedescendant
            <div
              key={option.id}
              id={idOf(option)}
              role="option"
              aria-selected={option === active}
              className="choice"
              // Keeps the focus in the input until the click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(option)}
            >
              <Icon name={option.icon} className="text-muted" />
              <span className={classNames('min-w-0 truncate font-medium', option.group === 'Spaces' && 'font-mono')}>
                {option.label}
              </span>
              {option.detail && (
                <span className="ml-auto min-w-0 truncate pl-2 text-muted text-xs">{option.detail}</span>
              )}
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
