import type { FormEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import { filterAddress } from '#components/ui/filter-address.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { showAddress } from '#components/ui/page-refresh.ts'
import { SelectField } from '#components/ui/select-field.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import type { CredentialQuery } from '#lib/domain/credential-query.ts'
import { inNumber } from '#lib/domain/in-number.ts'
import { setFields } from './credential-list-data.ts'

/** @returns a select's options; a number of days that is set but not offered is offered too */
function dayOptions(any: string, offered: readonly number[], chosen: number | undefined) {
  const all = chosen === undefined || offered.includes(chosen) ? offered : [...offered, chosen]
  return [{ value: '', label: any }, ...all.map((days) => ({ value: `${days}`, label: inNumber(days, 'day') }))]
}

function showFiltered(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
  showAddress(filterAddress(event.currentTarget))
}

/** The list's filters: a plain form whose values are in the page's address. */
export function CredentialFilters({ query }: { query: CredentialQuery }) {
  const { after: _, ...filters } = query
  const { person, space, olderThan, unusedFor, endsWithin } = filters
  return (
    <form
      action="/admin/credentials"
      aria-label="Filter credentials"
      onSubmit={showFiltered}
      className="mb-4 grid grid-cols-2 items-end gap-3 rounded-lg border bg-surface p-4 lg:grid-cols-6"
    >
      <TextField label="Person" name="person" mono placeholder="Handle" defaultValue={person} maxLength={60} />
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
      <div className="flex flex-wrap gap-2 max-lg:col-span-2">
        <Button type="submit" variant="primary" icon="filter">
          Filter
        </Button>
        {Object.keys(setFields(filters)).length > 0 && (
          <LinkButton href="/admin/credentials" variant="quiet">
            Clear
          </LinkButton>
        )}
      </div>
    </form>
  )
}
