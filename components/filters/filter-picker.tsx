'use client'

import { useSyncExternalStore } from 'react'
import { Combobox, type ComboboxOption } from '#components/ui/form/combobox.tsx'
import { filterFieldClass, type Narrow } from './filter-form.tsx'

type Props = {
  label: string
  /** The value of the query that it sets. */
  name: string
  /** What the list is filtered by now, in words. */
  value: string | undefined
  error?: string | undefined
  search: (text: string) => Promise<readonly ComboboxOption[] | null>
  /** Said to screen readers if nothing is found. */
  none: string
  narrow: Narrow
  /** Whether text that is no option filters too. */
  takesText?: boolean
  browses?: boolean
}

const never = () => () => {}

/** Picks one value of a list’s filter by searching for it. Without scripts, the text is sent as typed. */
export function FilterPicker({ label, name, value, error, search, none, narrow, takesText = false, browses }: Props) {
  const hasScripts = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <Combobox
      label={label}
      labelHidden
      inLine
      {...(!hasScripts && { name })}
      {...(browses && { browses })}
      error={error}
      placeholder={value ?? label}
      className={filterFieldClass}
      search={search}
      words={{ several: () => 'Several match. Choose one.', none: () => none }}
      onChoose={(option) => narrow({ [name]: option.value })}
      {...(takesText && { onText: (text: string) => narrow({ [name]: text }) })}
    />
  )
}
