import { FilterSearch, FilterSelect, FilterText } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import type { PeopleQuery } from '#lib/kernel/model/people/people-query.ts'
import { peoplePath } from './people-list-data.ts'

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

export function PeopleFilters({
  query: { after: _, ...query },
  kept,
}: {
  query: PeopleQuery
  kept: KeptFilters | null
}) {
  const { search, state, group } = query
  const chips = [
    search && { text: `“${search}”`, href: peoplePath({ ...query, search: undefined }) },
    state && {
      text: states.find(({ value }) => value === state)?.label ?? state,
      href: peoplePath({ ...query, state: undefined }),
    },
    group && { text: `Group ${group}`, href: peoplePath({ ...query, group: undefined }) },
  ].filter((chip) => chip !== undefined && chip !== '')
  return (
    <FilterForm
      action="/admin/people"
      label="Filter people"
      chips={chips}
      kept={kept}
      held={peoplePath(query)}
      first={<FilterSearch name="search" placeholder="Name, handle or e-mail" defaultValue={search} maxLength={100} />}
    >
      {() => (
        <>
          <FilterSelect label="State" name="state" defaultValue={state ?? ''} options={states} />
          <FilterText label="Group" name="group" mono placeholder="Group" defaultValue={group} maxLength={1_024} />
        </>
      )}
    </FilterForm>
  )
}
