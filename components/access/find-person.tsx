import { PersonLink } from '#components/people/person-link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { LastSeen } from '#components/ui/time/last-seen.tsx'
import type { PeoplePage } from '#lib/kernel/model/people/person-view.ts'
import { accessPath } from './access-path.ts'
import { SearchForm } from './search-form.tsx'

type Props = { page: PeoplePage; search: string | undefined; after: string | undefined }

/** People to choose from, by part of a name, handle or email address. */
export function FindPerson({ page: { rows, next }, search, after }: Props) {
  return (
    <>
      <SearchForm by="person" label="Search people" placeholder="Name, handle or e-mail" search={search} />
      {rows.length === 0 ? (
        <EmptyState icon="users" title="No one found">
          No one matches this search.
        </EmptyState>
      ) : (
        <DataTable
          caption="People"
          rows={rows}
          rowKey={({ handle }) => handle}
          narrow
          columns={[
            {
              key: 'name',
              header: 'Name',
              primary: true,
              cell: (person) => (
                <PersonLink href={accessPath({ by: 'person', person: person.handle })} person={person} wholeRow />
              ),
            },
            {
              key: 'groups',
              header: 'Groups',
              align: 'right',
              folds: 'second',
              card: 'hidden',
              cell: ({ groups }) => groups,
            },
            { key: 'spaces', header: 'Owned spaces', align: 'right', cell: ({ spaces }) => spaces },
            {
              key: 'credentials',
              header: 'Credentials',
              align: 'right',
              folds: 'second',
              card: 'hidden',
              cell: ({ credentials }) => credentials,
            },
            { key: 'seen', header: 'Last seen', cell: ({ lastSeenAt }) => <LastSeen at={lastSeenAt} /> },
          ]}
        />
      )}
      <Pagination
        previous={after === undefined ? null : accessPath({ by: 'person', search })}
        previousLabel="First page"
        next={next === null ? null : accessPath({ by: 'person', search }, next)}
      />
    </>
  )
}
