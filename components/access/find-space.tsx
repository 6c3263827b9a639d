import { SpaceStatusBadge } from '#components/spaces/space-status-badge.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import type { SpaceListItem } from '#lib/features/access/model/access-report.ts'
import { accessPath } from './access-path.ts'
import { AccessPersonLink } from './access-person-link.tsx'
import { AccessSpaceLink } from './access-space-link.tsx'
import { SearchForm } from './search-form.tsx'

type Props = {
  page: { rows: SpaceListItem[]; next: string | null }
  search: string | undefined
  after: string | undefined
  defaultCluster: string
}

/** Spaces on all clusters to choose from, by part of their name. */
export function FindSpace({ page: { rows, next }, search, after, defaultCluster }: Props) {
  return (
    <>
      <SearchForm by="space" label="Search spaces" placeholder="Name of a space" search={search} />
      {rows.length === 0 ? (
        <EmptyState icon="box" title="No space found">
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
              cell: ({ status }) => <SpaceStatusBadge status={status} />,
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
        previous={after === undefined ? null : accessPath({ by: 'space', search })}
        previousLabel="First page"
        next={next === null ? null : accessPath({ by: 'space', search }, next)}
      />
    </>
  )
}
