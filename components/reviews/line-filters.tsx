import { Button } from '#components/ui/button.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { LineFilter } from '#lib/features/reviews/model/review-view.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { reviewPath, setFilters } from './review-path.ts'

type Props = { id: string; filter: LineFilter; seesAll: boolean }

/** Filters of a review's lines: a plain form with its values in the URL. */
export const LineFilters = ({ id, filter, seesAll }: Props) => (
  <form
    action={reviewPath(id)}
    aria-label="Filter lines"
    className="mb-4 grid grid-cols-2 items-end gap-3 rounded-lg border bg-surface p-4 lg:grid-cols-6"
  >
    <TextField
      label="Search"
      name="search"
      placeholder="Space or person"
      maxLength={100}
      defaultValue={filter.search}
      className="col-span-2"
    />
    <SelectField
      label="Show"
      name="show"
      defaultValue={filter.show ?? ''}
      options={[
        { value: '', label: 'Undecided' },
        { value: 'decided', label: 'Decided' },
        { value: 'all', label: 'All' },
      ]}
    />
    <SelectField
      label="Role"
      name="role"
      defaultValue={filter.role ?? ''}
      options={[{ value: '', label: 'Any role' }, ...roles.map((role) => ({ value: role, label: role }))]}
    />
    <SelectField
      label="Use"
      name="unused"
      defaultValue={filter.unused ?? ''}
      options={[
        { value: '', label: 'Any use' },
        { value: 'yes', label: 'Unused for 30 days' },
      ]}
    />
    <SelectField
      label="Kind"
      name="kind"
      defaultValue={filter.kind ?? ''}
      options={[
        { value: '', label: 'Any kind' },
        { value: 'grant', label: 'Roles' },
        { value: 'binding', label: 'Bindings on the cluster' },
        ...(seesAll ? [{ value: 'ownership', label: 'Ownership' }] : []),
      ]}
    />
    <div className="col-span-2 flex gap-2 lg:col-span-6">
      <Button type="submit" variant="primary" icon="filter">
        Filter
      </Button>
      {Object.keys(setFilters(filter)).length > 0 && (
        <LinkButton href={reviewPath(id)} variant="quiet">
          Clear
        </LinkButton>
      )}
    </div>
  </form>
)
