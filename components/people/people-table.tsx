import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import { type PeopleListRow, personPath } from './people-list-data.ts'
import { platformRoleLabels } from './platform-role-label.ts'

const columns: readonly Column<PeopleListRow>[] = [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: ({ name, handle, email, deactivated }) => (
      <>
        <Link href={personPath(handle)} prefetch={false} className="wrap-anywhere font-medium hover:underline">
          {name}
        </Link>
        {deactivated && (
          <span className="ml-2">
            <Badge tone="warn" icon="lock">
              Deactivated
            </Badge>
          </span>
        )}
        <span className="wrap-anywhere block font-normal text-muted text-xs">
          <span className="font-mono">{handle}</span>
          {email !== '' && ` · ${email}`}
        </span>
      </>
    ),
  },
  { key: 'role', header: 'Platform role', cell: ({ platformRole }) => platformRoleLabels[platformRole] },
  { key: 'groups', header: 'Groups', align: 'right', cell: ({ groups }) => groups },
  { key: 'spaces', header: 'Owned spaces', align: 'right', cell: ({ spaces }) => spaces },
  { key: 'credentials', header: 'Credentials', align: 'right', cell: ({ credentials }) => credentials },
  { key: 'seen', header: 'Last seen', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
]

/** People with what they hold. */
export const PeopleTable = ({ rows }: { rows: readonly PeopleListRow[] }) => (
  <DataTable caption="People" columns={columns} rows={rows} rowKey={({ handle }) => handle} />
)
