import { storyColumn } from '#components/audit/event/story-column.tsx'
import { SpaceStatusBadge } from '#components/spaces/space-status-badge.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { OwnedSpace, Some } from '#lib/kernel/model/people/person-view.ts'
import { BoundedSection } from './bounded-section.tsx'
import { SpaceLink } from './space-link.tsx'

type Props = { of: { handle: string }; spaces: Some<OwnedSpace>; isAdmin: boolean; defaultCluster: string }

export const PersonSpaces = ({ of, spaces, isAdmin, defaultCluster }: Props) => (
  <BoundedSection title="Owned spaces" none="They own no spaces." some={spaces} of={of} section="spaces">
    {(rows) => (
      <DataTable
        caption="Owned spaces"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            header: 'Name',
            primary: true,
            cell: (row) => <SpaceLink space={row} defaultCluster={defaultCluster} linked={isAdmin} wholeRow />,
          },
          {
            key: 'status',
            header: 'Status',
            card: 'corner',
            cell: ({ status }) => <SpaceStatusBadge status={status} />,
          },
          { key: 'created', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
          { key: 'ends', header: 'Ends', cell: ({ endsAt }) => (endsAt ? <AbsoluteTime at={endsAt} /> : 'No end') },
          storyColumn<OwnedSpace>(
            'spaces',
            ({ name }) => name,
            ({ id }) => id,
          ),
        ]}
      />
    )}
  </BoundedSection>
)
