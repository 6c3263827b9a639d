import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { LastSeen } from '#components/ui/time/last-seen.tsx'
import { type PeopleListRow, personPath } from './people-list-data.ts'
import { PersonLink } from './person-link.tsx'
import { platformRoleLabels } from './platform-role-label.ts'

const columns: readonly Column<PeopleListRow>[] = [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: (person) => <PersonLink href={personPath(person.handle)} person={person} wholeRow />,
  },
  { key: 'role', header: 'Platform role', cell: ({ platformRole }) => platformRoleLabels[platformRole] },
  { key: 'groups', header: 'Groups', align: 'right', cell: ({ groups }) => groups },
  { key: 'spaces', header: 'Owned spaces', align: 'right', cell: ({ spaces }) => spaces },
  { key: 'credentials', header: 'Credentials', align: 'right', cell: ({ credentials }) => credentials },
  {
    key: 'seen',
    header: 'Last seen',
    cell: ({ lastSeenAt }) => <LastSeen at={lastSeenAt} />,
  },
]

/** People with what they hold. */
export const PeopleTable = ({ rows }: { rows: readonly PeopleListRow[] }) => (
  <DataTable caption="People" columns={columns} rows={rows} rowKey={({ handle }) => handle} />
)
