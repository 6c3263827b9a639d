import type { FormEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import { filterAddress } from '#components/ui/filter-address.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { showAddress } from '#components/ui/page-refresh.ts'
import { SelectField } from '#components/ui/select-field.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import type { PeopleQuery } from '#lib/domain/people-query.ts'

const states = [
  { value: '', label: 'Anyone' },
  { value: 'active', label: 'Active' },
  { value: 'signed-in-7', label: 'Signed in within 7 days' },
  { value: 'deactivated', label: 'Deactivated' },
  { value: 'offboarded', label: 'Offboarded' },
  { value: 'unproven', label: 'Offboarded, certificate open' },
  { value: 'unseen-30', label: 'Not seen for 30 days' },
  { value: 'unseen-90', label: 'Not seen for 90 days' },
]

function showFiltered(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
  showAddress(filterAddress(event.currentTarget))
}

/** The list's search and filters: a plain form whose values are in the page's address. */
export function PeopleFilters({ query: { search, state, group } }: { query: PeopleQuery }) {
  return (
    <form
      action="/admin/people"
      aria-label="Filter people"
      onSubmit={showFiltered}
      className="mb-4 grid grid-cols-1 items-end gap-3 rounded-lg border bg-surface p-4 sm:grid-cols-[2fr_1fr_1fr_auto]"
    >
      <TextField
        label="Search"
        name="search"
        type="search"
        placeholder="Name, handle or e-mail"
        defaultValue={search}
        maxLength={100}
      />
      <SelectField label="State" name="state" defaultValue={state ?? ''} options={states} />
      <TextField label="Group" name="group" mono placeholder="Exact name" defaultValue={group} maxLength={1_024} />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" icon="filter">
          Filter
        </Button>
        {(search || state || group) && (
          <LinkButton href="/admin/people" variant="quiet">
            Clear
          </LinkButton>
        )}
      </div>
    </form>
  )
}
