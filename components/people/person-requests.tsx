import { RequestStateBadge } from '#components/requests/request-state-badge.tsx'
import { RequestSummary } from '#components/requests/request-summary.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { Some } from '#lib/kernel/model/people/person-view.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import { BoundedSection } from './bounded-section.tsx'

type Props = { of: { handle: string }; requests: Some<RequestRow>; isAdmin: boolean }

export const PersonRequests = ({ of, requests, isAdmin }: Props) => (
  <BoundedSection title="Requests" none="They have made no requests." some={requests} of={of} section="requests">
    {(rows) => (
      <DataTable
        caption="Requests"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'what',
            header: 'Request',
            primary: true,
            cell: (row) =>
              isAdmin ? (
                <NameLink wholeRow href={`/requests/${row.id}`}>
                  <RequestSummary request={row} />
                </NameLink>
              ) : (
                <span className="wrap-anywhere">
                  <RequestSummary request={row} />
                </span>
              ),
          },
          { key: 'state', header: 'Status', card: 'corner', cell: ({ state }) => <RequestStateBadge state={state} /> },
          { key: 'asked', header: 'Requested', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
        ]}
      />
    )}
  </BoundedSection>
)
