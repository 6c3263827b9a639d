import type { Narrow } from '#components/filters/filter-form.tsx'
import { FilterPicker } from '#components/filters/filter-picker.tsx'
import { findPeople, findSpaces } from './find-in-portal.tsx'

type Props = { value: string | undefined; error?: string | undefined; narrow: Narrow }

/** Filters a list by a person. Text without a match filters as typed. */
export const PersonFilter = (props: Props) => (
  <FilterPicker
    {...props}
    label="Person"
    name="person"
    search={findPeople}
    none="No one is called that. Press Enter to filter by it as typed."
    takesText
  />
)

/** Filters a list by a space. Text without a match filters as typed: auditors see the names of all spaces elsewhere. */
export const SpaceFilter = (props: Props) => (
  <FilterPicker
    {...props}
    label="Space"
    name="space"
    search={findSpaces}
    none="You see no space of that name. Press Enter to filter by it as typed."
    takesText
  />
)
