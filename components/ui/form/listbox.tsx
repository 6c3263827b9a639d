import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import type { Pickable } from './pick-option.ts'

export type ComboboxOption = Pickable & {
  value: string
  label: string
  detail?: string
  icon?: ReactNode
  summary: string
  /** The heading above it, for options that are listed in groups. */
  group?: string
}

/** The width of a panel beside a narrow field, in px. */
export const panelWidth = 320

const sides = {
  below: 'max-h-48',
  right: 'max-h-80 sm:right-auto sm:w-80',
  left: 'max-h-80 sm:left-auto sm:w-80',
} as const

/**
 * @param side `below`: as wide as the field; `right` and `left`: wider than the field, towards that side
 * @returns the classes of a panel below a field
 */
export const panelClass = (side: keyof typeof sides): string =>
  `absolute inset-x-0 top-full z-30 mt-1 rounded-lg border bg-raised shadow-lg ${sides[side]}`

type Props = {
  id: string
  name: string
  shown: boolean
  options: readonly ComboboxOption[]
  active: number
  choose: (option: ComboboxOption) => void
  className: string
}

/** The suggestions of a combobox. */
export function Listbox({ id, name, shown, options, active, choose, className }: Props) {
  const groups = Map.groupBy(options.entries(), ([, { group }]) => group)
  return (
    <div
      id={id}
      role="listbox"
      aria-label={name}
      className={classNames(className, 'overflow-y-auto p-1', !shown && 'hidden')}
    >
      {[...groups].map(([group, placed]) => {
        const items = placed.map(([index, option]) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus; the option is named by aria-activedescendant
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="choice"
            // Keep the focus in the input until the click.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            {option.icon}
            <span className={classNames('truncate font-medium', option.detail && 'max-w-3/5 shrink-0')}>
              {option.label}
            </span>
            {option.detail && <span className="truncate text-muted">{option.detail}</span>}
          </div>
        ))
        return group === undefined ? (
          items
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not fieldsets
          <div key={group} role="group" aria-label={group}>
            <p aria-hidden className="px-2.5 pt-1.5 pb-0.5 text-muted text-xs">
              {group}
            </p>
            {items}
          </div>
        )
      })}
    </div>
  )
}
