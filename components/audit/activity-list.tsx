'use client'

import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import { RowList } from '#components/ui/row-list.tsx'
import { type Given, useRows } from '#components/ui/use-rows.ts'
import type { ActivityData, ActivityRow } from './activity-data.ts'
import { OutcomeBadge } from './outcome-badge.tsx'

type Props = { address: SpaceAddress; given: Given<ActivityData> }

/** What happened in a space, newest first, in pages. */
export function ActivityList({ address, given }: Props) {
  const { data, ...state } = useRows(`/api/rows/spaces/${encodeURIComponent(address.name)}/activity`, given)
  const { before, rows, next } = data
  return (
    <RowList rows={state} summary={rows.length === 0 ? 'No older activity' : `${rows.length} actions, newest first`}>
      {rows.length > 0 ? (
        <ol className="divide-y rounded-lg border bg-surface text-sm">
          {rows.map((row) => (
            <Entry key={row.seq} row={row} />
          ))}
        </ol>
      ) : (
        <EmptyState icon="activity" title={before === null ? 'No activity yet' : 'No older activity'}>
          Everything people do to this space, here or with kubectl, shows up on this page.
        </EmptyState>
      )}
      <Pagination
        previous={before === null ? null : spacePath(address, 'activity')}
        previousLabel="Newest"
        next={next === null ? null : spacePath(address, 'activity', { before: next })}
        nextLabel="Older"
      />
    </RowList>
  )
}

function Entry({ row: { at, who, did, target, failure, outcome } }: { row: ActivityRow }) {
  return (
    <li className="flex flex-col gap-x-4 gap-y-1 px-4 py-3 sm:flex-row sm:items-baseline">
      <div className="min-w-0 flex-1">
        <span className="font-medium">{who}</span> {did}{' '}
        <span className="wrap-anywhere font-mono text-[0.8125rem]">{target}</span>
        <span className="block text-muted">{failure}</span>
      </div>
      <div className="flex shrink-0 items-center gap-3">
        {outcome !== 'ok' && <OutcomeBadge outcome={outcome} />}
        <span className="text-muted">
          <RelativeTime at={at} />
        </span>
      </div>
    </li>
  )
}
