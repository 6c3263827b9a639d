import type { ReactNode } from 'react'
import { findPeople, findSpaces } from '#components/audit/find-in-portal.tsx'
import { FilterForm, filterFieldClass } from '#components/filters/filter-form.tsx'
import { FilterPicker } from '#components/filters/filter-picker.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CredentialQuery, CredentialSelection } from '#lib/kernel/model/people/credential-query.ts'
import { credentialsPath } from './credential-list-data.ts'

/** @returns a select’s options, plus the current number of days if it isn’t among them */
function dayOptions(any: string, than: string, offered: readonly number[], chosen: number | undefined) {
  const all = chosen === undefined || offered.includes(chosen) ? offered : [...offered, chosen]
  return [
    { value: '', label: any },
    ...all.map((days) => ({ value: `${days}`, label: `${than} ${inNumber(days, 'day')}` })),
  ]
}

function chipsOf(query: CredentialSelection) {
  const { person, space, olderThan, unusedFor, endsWithin } = query
  const without = (name: keyof CredentialSelection) => credentialsPath({ ...query, [name]: undefined })
  return [
    person && { text: `Person ${person}`, href: without('person') },
    space && { text: `Space ${space}`, href: without('space') },
    olderThan && { text: `Older than ${inNumber(olderThan, 'day')}`, href: without('olderThan') },
    unusedFor && { text: `Unused for ${inNumber(unusedFor, 'day')}`, href: without('unusedFor') },
    endsWithin && { text: `Expires within ${inNumber(endsWithin, 'day')}`, href: without('endsWithin') },
  ].filter((chip) => typeof chip === 'object')
}

type Props = {
  query: CredentialQuery
  kept: KeptFilters | null
  /** Shown at the end of the line of active filters. */
  aside: ReactNode
}

export function CredentialFilters({ query: { after: _, ...filters }, kept, aside }: Props) {
  const { person, space, olderThan, unusedFor, endsWithin } = filters
  return (
    <FilterForm
      action="/admin/credentials"
      label="Filter credentials"
      chips={chipsOf(filters)}
      kept={kept}
      held={credentialsPath(filters)}
      picked={['person', 'space']}
      aside={aside}
      first={null}
    >
      {(narrow) => (
        <>
          <FilterPicker
            label="Person"
            name="person"
            value={person}
            search={findPeople}
            none="No one is called that. Press Enter to search for this handle."
            takesText
            narrow={narrow}
          />
          <FilterPicker
            label="Space"
            name="space"
            value={space}
            search={findSpaces}
            none="No space is called that. Press Enter to search for this name."
            takesText
            narrow={narrow}
          />
          <SelectField
            label="Older than"
            labelHidden
            name="olderThan"
            defaultValue={`${olderThan ?? ''}`}
            options={dayOptions('Any age', 'Older than', [1, 7, 14, 21], olderThan)}
            className={filterFieldClass}
          />
          <SelectField
            label="Unused for"
            labelHidden
            name="unusedFor"
            defaultValue={`${unusedFor ?? ''}`}
            options={dayOptions('Any use', 'Unused for', [1, 7, 14, 21], unusedFor)}
            className={filterFieldClass}
          />
          <SelectField
            label="Expires within"
            labelHidden
            name="endsWithin"
            defaultValue={`${endsWithin ?? ''}`}
            options={dayOptions('Expires any time', 'Expires within', [1, 3, 7], endsWithin)}
            className={filterFieldClass}
          />
        </>
      )}
    </FilterForm>
  )
}
