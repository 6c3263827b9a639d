import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { SelectAll, type SelectAllProps } from './select-all.tsx'

type Props = {
  chosen: number
  selectAll: Omit<SelectAllProps, 'chosen'>
  /** The total and the selected number. */
  text: string
  children: ReactNode
}

/** Above selectable rows: a checkbox for all rows on the page, and the bulk actions. */
export const SelectionBar = ({ chosen, selectAll, text, children }: Props) => (
  <div
    className={classNames(
      'mb-3 flex min-h-8 flex-wrap items-center gap-2 text-sm',
      // Keeps the buttons visible while scrolling.
      chosen > 0 && 'sticky top-0 z-10 -mx-2 rounded-lg bg-canvas px-2 py-2',
    )}
  >
    <SelectAll chosen={chosen} {...selectAll} />
    <span className="text-muted">{text}</span>
    {children}
  </div>
)
