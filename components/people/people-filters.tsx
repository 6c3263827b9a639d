import { FilterSearch, FilterSelect } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import { FilterPicker } from '#components/filters/filter-picker.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { findGroups } from '#components/search/find-in-portal.tsx'
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
      picked={['group']}
      first={<FilterSearch name="search" placeholder="Name, handle or email" defaultValue={search} maxLength={100} />}
    >
      {(narrow) => (
        <>
          <FilterSelect label="State" name="state" defaultValue={state ?? ''} options={states} />
          <FilterPicker
            label="Group"
            name="group"
            value={group}
            search={findGroups}
            none="No one in a group called that has signed in yet."
            takesText
            narrow={narrow}
          />
        </>
      )}
    </FilterForm>
  )
}
