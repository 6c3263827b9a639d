'use client'

import { FilterSearch, FilterSelect } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import type { LineFilter } from '#lib/features/reviews/model/review-view.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { reviewPath } from './review-path.ts'

type Props = { id: string; filter: LineFilter; seesAll: boolean }

const shown = [
  { value: '', label: 'Undecided' },
  { value: 'decided', label: 'Decided' },
  { value: 'all', label: 'Decided or not' },
]
const uses = [
  { value: '', label: 'Any use' },
  { value: 'yes', label: 'Unused for 30 days' },
]
const kinds = [
  { value: '', label: 'Any kind' },
  { value: 'grant', label: 'Roles' },
  { value: 'binding', label: 'Bindings on the cluster' },
]
const ownership = { value: 'ownership', label: 'Ownership' }

const labelIn = (options: readonly { value: string; label: string }[], value: string | undefined) =>
  options.find((option) => option.value === value)?.label

/** Filters of a review's lines. */
export function LineFilters({ id, filter, seesAll }: Props) {
  const { show, role, unused, kind, search } = filter
  const chips = [
    { name: 'search', text: search && `“${search}”` },
    { name: 'show', text: show && labelIn(shown, show) },
    { name: 'role', text: role && `Role ${role}` },
    { name: 'unused', text: unused && labelIn(uses, unused) },
    { name: 'kind', text: kind && labelIn([...kinds, ownership], kind) },
  ].flatMap(({ name, text }) => (text ? [{ text, href: reviewPath(id, { ...filter, [name]: undefined }) }] : []))
  return (
    <FilterForm
      action={reviewPath(id)}
      label="Filter lines"
      chips={chips}
      kept={null}
      held={reviewPath(id, filter)}
      isRendered
      first={<FilterSearch name="search" placeholder="Space or person" maxLength={100} defaultValue={search} />}
    >
      {() => (
        <>
          <FilterSelect label="Show" name="show" defaultValue={show ?? ''} options={shown} />
          <FilterSelect
            label="Role"
            name="role"
            defaultValue={role ?? ''}
            options={[{ value: '', label: 'Any role' }, ...roles.map((each) => ({ value: each, label: each }))]}
          />
          <FilterSelect label="Use" name="unused" defaultValue={unused ?? ''} options={uses} />
          <FilterSelect
            label="Kind"
            name="kind"
            defaultValue={kind ?? ''}
            options={[...kinds, ...(seesAll ? [ownership] : [])]}
          />
        </>
      )}
    </FilterForm>
  )
}
