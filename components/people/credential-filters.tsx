import { FilterForm } from '#components/filters/filter-form.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CredentialQuery, CredentialSelection } from '#lib/kernel/model/people/credential-query.ts'
import { credentialsPath } from './credential-list-data.ts'

/** @returns a select’s options, plus the current number of days if it isn’t among them */
function dayOptions(any: string, offered: readonly number[], chosen: number | undefined) {
  const all = chosen === undefined || offered.includes(chosen) ? offered : [...offered, chosen]
  return [{ value: '', label: any }, ...all.map((days) => ({ value: `${days}`, label: inNumber(days, 'day') }))]
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

type Props = { query: CredentialQuery; kept: KeptFilters | null }

export function CredentialFilters({ query: { after: _, ...filters }, kept }: Props) {
  const { person, space, olderThan, unusedFor, endsWithin } = filters
  return (
    <FilterForm
      action="/admin/credentials"
      label="Filter credentials"
      chips={chipsOf(filters)}
      kept={kept}
      held={credentialsPath(filters)}
      className="grid-cols-2 lg:grid-cols-[repeat(5,minmax(0,1fr))_auto]"
      actionsClass="lg:col-auto lg:mt-6"
      first={
        <TextField
          label="Person"
          name="person"
          mono
          placeholder="Handle"
          defaultValue={person}
          maxLength={60}
          className="max-sm:col-span-2"
        />
      }
    >
      <TextField label="Space" name="space" mono placeholder="Exact name" defaultValue={space} maxLength={63} />
      <SelectField
        label="Older than"
        name="olderThan"
        defaultValue={`${olderThan ?? ''}`}
        options={dayOptions('Any age', [1, 7, 14, 21], olderThan)}
      />
      <SelectField
        label="Unused for"
        name="unusedFor"
        defaultValue={`${unusedFor ?? ''}`}
        options={dayOptions('Any use', [1, 7, 14, 21], unusedFor)}
      />
      <SelectField
        label="Expires within"
        name="endsWithin"
        defaultValue={`${endsWithin ?? ''}`}
        options={dayOptions('Any time', [1, 3, 7], endsWithin)}
      />
    </FilterForm>
  )
}
