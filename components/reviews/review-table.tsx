import { DataTable } from '#components/ui/list/data-table.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ReviewRow } from '#lib/features/reviews/model/review-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { reviewPath } from './review-path.ts'
import { ReviewStateBadge } from './review-state-badge.tsx'

export const ReviewTable = ({ rows }: { rows: readonly ReviewRow[] }) => (
  <DataTable
    caption="Access reviews"
    facts
    rows={rows}
    rowKey={({ id }) => id}
    columns={[
      {
        key: 'name',
        header: 'Name',
        primary: true,
        cell: ({ id, name }) => (
          <NameLink wholeRow href={reviewPath(id)} className="font-medium">
            {name}
          </NameLink>
        ),
      },
      { key: 'state', header: 'Status', card: 'corner', cell: ({ state }) => <ReviewStateBadge state={state} /> },
      { key: 'progress', header: 'Progress', cell: (row) => <Progress row={row} /> },
      {
        key: 'started',
        header: 'Started',
        wraps: 'name',
        cell: ({ at, by }) => (
          <>
            <RelativeTime at={at} />
            <span className="block text-muted text-xs">{by ? `by ${by.name}` : 'by the schedule'}</span>
          </>
        ),
      },
      {
        key: 'due',
        header: 'Ends',
        cell: ({ dueAt, closedAt }) => <AbsoluteTime at={closedAt ?? dueAt} />,
      },
    ]}
  />
)

function Progress({ row: { name, state, lines, open } }: { row: ReviewRow }) {
  // Reviewers' progress is on the review's page.
  if (state === 'closed') return inNumber(lines, 'line')
  const text = `${lines - open} of ${lines}`
  return (
    <span className="flex items-center gap-2">
      <Meter size="tiny" label={`Decided in ${name}`} ratio={lines === 0 ? 0 : (lines - open) / lines} text={text} />
      <span className="whitespace-nowrap">{text}</span>
    </span>
  )
}
