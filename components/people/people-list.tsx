'use client'

import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { LastSeen } from '#components/ui/time/last-seen.tsx'
import { PeopleFilters } from './people-filters.tsx'
import { type PeopleListData, type PeopleListRow, peoplePath, personPath } from './people-list-data.ts'
import { PersonLink } from './person-link.tsx'
import { platformRoleLabels } from './platform-role-label.ts'

const columns: readonly Column<PeopleListRow>[] = [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: (person) => <PersonLink href={personPath(person.handle)} person={person} wholeRow />,
  },
  {
    key: 'role',
    header: 'Platform role',
    card: 'corner',
    cell: ({ platformRole }) => platformRoleLabels[platformRole],
  },
  { key: 'groups', header: 'Groups', align: 'right', folds: 'second', card: 'hidden', cell: ({ groups }) => groups },
  { key: 'spaces', header: 'Owned spaces', align: 'right', cell: ({ spaces }) => spaces },
  {
    key: 'credentials',
    header: 'Credentials',
    align: 'right',
    folds: 'second',
    card: 'hidden',
    cell: ({ credentials }) => credentials,
  },
  {
    key: 'seen',
    header: 'Last seen',
    cell: ({ lastSeenAt }) => <LastSeen at={lastSeenAt} />,
  },
]

/** People with their spaces, sessions and credentials. */
const PeopleTable = ({ rows }: { rows: readonly PeopleListRow[] }) => (
  <DataTable caption="People" columns={columns} rows={rows} rowKey={({ handle }) => handle} narrow />
)

/** The list of people with search, filters and pages. */
export function PeopleList({ given, kept }: { given: InitialRows<PeopleListData>; kept: KeptFilters | null }) {
  const { data, ...state } = useRows('/api/rows/people', given)
  const { query, rows, next } = data
  const { after: _, ...filters } = query
  return (
    <RowList
      rows={state}
      summary={rows.length === 0 ? 'Nobody found' : `${rows.length} people, by name`}
      before={<PeopleFilters query={query} kept={kept} />}
    >
      {rows.length === 0 ? (
        <EmptyState
          icon="users"
          title="Nobody found"
          action={<LinkButton href="/admin/people">Show everyone</LinkButton>}
        >
          No one matches this search.
        </EmptyState>
      ) : (
        <PeopleTable rows={rows} />
      )}
      <Pagination
        previous={query.after === undefined ? null : peoplePath(filters)}
        previousLabel="First page"
        next={next === null ? null : peoplePath({ ...filters, after: next })}
      />
    </RowList>
  )
}
