'use client'

import Link from 'next/link'
import { activityEventsPath, type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { AbsoluteTime } from '#components/ui/absolute-time.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { RowList } from '#components/ui/row-list.tsx'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { type Given, useRows } from '#components/ui/use-rows.ts'
import { type ActivitySource, activitySources } from '#lib/domain/activity-source.ts'
import type { ActivityData } from './activity-data.ts'
import { AroundBadge } from './around-badge.tsx'
import { AuditSentence } from './audit-sentence.tsx'
import { groupRepeats } from './group-repeats.ts'
import { LiveBar } from './live-bar.tsx'
import type { MoreRoom } from './more-room.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { Repeats } from './repeats.tsx'
import { sayingOf } from './saying-of.ts'
import type { ToldRow } from './told-row.ts'
import { TrailPages } from './trail-pages.tsx'
import { useLiveRows, useSteady } from './use-live-rows.ts'

type Props = {
  address: SpaceAddress
  given: Given<ActivityData>
  /** Where the reader gets a larger quota, if they may. */
  more: MoreRoom | null
}

/** What happened in a space, newest first, in pages. */
export function ActivityList({ address, given, more }: Props) {
  const { data, ...state } = useRows(`/api/rows/spaces/${encodeURIComponent(address.name)}/activity`, useSteady(given))
  const { by, before, rows, next, searchedSince } = data
  const href = (more: Record<string, string> = {}) => spacePath(address, 'activity', { ...(by && { by }), ...more })
  const live = useLiveRows(before === null ? activityEventsPath(address) : null, { ...state, data })
  return (
    <RowList rows={state} summary={summaryOf(data)} before={<SourceTabs address={address} by={by} />}>
      {before === null && <LiveBar live={live} />}
      {rows.length > 0 ? (
        <div ref={live.box}>
          <ol className="divide-y rounded-lg border bg-surface text-sm">
            {groupRepeats(rows, sayingOf).map(([row, ...repeats]) => (
              // The oldest stays the same when others are added.
              <Entry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} more={more} />
            ))}
          </ol>
        </div>
      ) : (
        <EmptyState icon="activity" title={emptyTitle(data)}>
          {searchedSince === null
            ? 'Everything people do to this space, here or with kubectl, shows up on this page.'
            : 'The newest entries don’t match, but older ones may.'}
        </EmptyState>
      )}
      <TrailPages
        newest={before === null ? null : href()}
        older={next === null ? null : href({ before: next })}
        searchedSince={searchedSince}
      />
    </RowList>
  )
}

const sources: Readonly<Record<ActivitySource, string>> = {
  people: 'People',
  kubectl: 'kubectl',
  spaceport: 'Spaceport',
}

const SourceTabs = ({ address, by }: { address: SpaceAddress; by: ActivitySource | null }) => (
  <div className="mb-3">
    <TabLinks
      label="By what it was done"
      items={[
        { href: spacePath(address, 'activity'), label: 'All', current: by === null },
        ...activitySources.map((source) => ({
          href: spacePath(address, 'activity', { by: source }),
          label: sources[source],
          current: by === source,
        })),
      ]}
    />
  </div>
)

function emptyTitle({ by, before, searchedSince }: ActivityData): string {
  if (searchedSince !== null) return 'Nothing found yet'
  if (before !== null) return 'No older activity'
  return by === null ? 'No activity yet' : `No activity by ${by === 'people' ? 'people' : sources[by]} yet`
}

const summaryOf = (data: ActivityData): string =>
  data.rows.length === 0 ? emptyTitle(data) : `${data.rows.length} actions, newest first`

type EntryProps = { row: ToldRow; repeats?: readonly ToldRow[]; more: MoreRoom | null }

function Entry({ row, repeats = [], more }: EntryProps) {
  const { at, told, failure, usedUp, around, reported, outcome } = row
  const oldest = repeats.at(-1)
  return (
    <li className="flex flex-col gap-x-4 gap-y-1 px-4 py-3 sm:flex-row sm:items-baseline">
      <div className="min-w-0 flex-1">
        <AuditSentence parts={told} linked={false} />
        <span className="block text-muted">
          {failure}
          {more && usedUp.some((resource) => more.grows.includes(resource)) && (
            <>
              {' '}
              <Link href={more.href} prefetch={false} className="text-link">
                {more.label}
              </Link>
            </>
          )}
        </span>
        {reported !== null && <span className="block text-muted text-xs">{reported}</span>}
        {oldest && (
          <Repeats count={repeats.length} since={oldest.at}>
            {repeats.map((one) => (
              <Entry key={one.seq} row={one} more={more} />
            ))}
          </Repeats>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:shrink-0">
        {around && <AroundBadge />}
        {outcome !== 'ok' && <OutcomeBadge outcome={outcome} />}
        <span className="text-muted">
          <AbsoluteTime at={at} />
        </span>
      </div>
    </li>
  )
}
