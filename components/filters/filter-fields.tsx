import type { ComponentProps } from 'react'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'

/** The width of one of several fields in the line. */
export const filterFieldClass = 'min-w-[calc(50%-0.25rem)] flex-1 sm:min-w-28 sm:max-w-36'

/** The field of a filter’s line that gets the room that is left. */
export const FilterSearch = (props: Omit<ComponentProps<typeof TextField>, 'label' | 'type' | 'className'>) => (
  <TextField label="Search" labelHidden type="search" className="min-w-48 flex-1" {...props} />
)

export const FilterSelect = (props: Omit<ComponentProps<typeof SelectField>, 'className'>) => (
  <SelectField labelHidden className={filterFieldClass} {...props} />
)
