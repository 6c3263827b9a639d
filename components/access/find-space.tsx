import { FilterSearch } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import { SpaceStatus } from '#components/spaces/space-status.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import type { SpaceListItem } from '#lib/features/access/model/access-report.ts'
import { AccessPersonLink } from './access-person-link.tsx'
import { AccessSpaceLink } from './access-space-link.tsx'

type Props = {
  page: { rows: SpaceListItem[]; next: string | null }
  search: string | undefined
  after: string | undefined
  defaultCluster: string
}

const base = '/admin/access'
const pathOf = ({ search, after }: { search: string | undefined; after?: string }) =>
  `${base}?${new URLSearchParams({ ...(search && { search }), ...(after && { after }) })}`

/** Spaces on all clusters, by part of their name, each linked to its access report. */
export function FindSpace({ page: { rows, next }, search, after, defaultCluster }: Props) {
  return (
    <>
      <FilterForm
        action={base}
        label="Search spaces"
        chips={search ? [{ text: `“${search}”`, href: base }] : []}
        kept={null}
        held={pathOf({ search })}
        isRendered
        first={<FilterSearch name="search" placeholder="Name of a space" defaultValue={search} maxLength={63} />}
      />
      {rows.length === 0 ? (
        <EmptyState icon="space" title="No space found">
          {search ? 'No space has a name like this.' : 'There are no spaces yet.'}
        </EmptyState>
      ) : (
        <DataTable
          caption="Spaces"
          rows={rows}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              header: 'Name',
              primary: true,
              cell: (space) => <AccessSpaceLink space={space} defaultCluster={defaultCluster} wholeRow />,
            },
            {
              key: 'status',
              header: 'Status',
              card: 'corner',
              cell: ({ status }) => <SpaceStatus status={status} />,
            },
            {
              key: 'owner',
              header: 'Owner',
              wraps: 'name',
              cell: ({ owner }) => <AccessPersonLink person={{ ...owner, deactivated: false }} />,
            },
            { key: 'grants', header: 'Roles given', align: 'right', cell: ({ grants }) => grants },
          ]}
        />
      )}
      <Pagination
        previous={after === undefined ? null : pathOf({ search })}
        previousLabel="First page"
        next={next === null ? null : pathOf({ search, after: next })}
      />
    </>
  )
}
