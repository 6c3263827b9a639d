import type { ReactNode } from 'react'
import { FilterSelect } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { PersonFilter, SpaceFilter } from '#components/search/filter-pickers.tsx'
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
    >
      {(narrow) => (
        <>
          <PersonFilter value={person} narrow={narrow} />
          <SpaceFilter value={space} narrow={narrow} />
          <FilterSelect
            label="Older than"
            name="olderThan"
            defaultValue={`${olderThan ?? ''}`}
            options={dayOptions('Any age', 'Older than', [1, 7, 14, 21], olderThan)}
          />
          <FilterSelect
            label="Unused for"
            name="unusedFor"
            defaultValue={`${unusedFor ?? ''}`}
            options={dayOptions('Any use', 'Unused for', [1, 7, 14, 21], unusedFor)}
          />
          <FilterSelect
            label="Expires within"
            name="endsWithin"
            defaultValue={`${endsWithin ?? ''}`}
            options={dayOptions('Expires any time', 'Expires within', [1, 3, 7], endsWithin)}
          />
        </>
      )}
    </FilterForm>
  )
}
