'use client'

import { Combobox } from '#components/ui/form/combobox.tsx'
import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { useIsHydrated } from '#components/ui/use-is-hydrated.ts'
import { filterFieldClass } from './filter-fields.tsx'
import type { Narrow } from './filter-form.tsx'

type Props = {
  label: string
  /** The value of the query that it sets. */
  name: string
  /** That value now. */
  value: string | undefined
  /** The value in words. Default: the value. */
  valueInWords?: string | undefined
  error?: string | undefined
  search: (text: string) => Promise<readonly ComboboxOption[] | null>
  /** Shown if nothing is found. */
  none: string
  narrow: Narrow
  /** Whether text that is no option filters too. */
  takesText?: boolean
  browses?: boolean
}

/** Picks one value of a list’s filter by searching for it. Without scripts, it is a field with the value. */
export function FilterPicker(props: Props) {
  const { label, name, value = '', valueInWords = value, error, search, none, narrow } = props
  const { takesText = false, browses = false } = props
  const isHydrated = useIsHydrated()
  return (
    <Combobox
      label={label}
      labelHidden
      inLine
      browses={browses}
      {...(!isHydrated && { name, plainText: value })}
      error={error}
      placeholder={valueInWords || label}
      className={filterFieldClass}
      search={search}
      words={{ several: () => 'Several match. Choose one.', none: () => none }}
      onChoose={(option) => narrow({ [name]: option.value })}
      {...(takesText && { onText: (text: string) => narrow({ [name]: text }) })}
    />
  )
}
