'use client'

import { TrailPages } from '#components/audit/chain/trail-pages.tsx'
import { DayGroups } from '#components/audit/day-groups.tsx'
import { LiveBar } from '#components/audit/live-bar.tsx'
import { useLiveRows, useSteady } from '#components/audit/use-live-rows.ts'
import { groupRepeats } from '#components/audit/words/group-repeats.ts'
import { repeatKey } from '#components/audit/words/repeat-key.ts'
import { activityEventsPath, type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { SegmentLinks } from '#components/ui/segment-links.tsx'
import { type ActivitySource, activitySources } from '#lib/features/audit/model/activity-source.ts'
import type { ActivityData } from './activity-data.ts'
import { ActivityEntry, type ActivityLinks } from './activity-entry.tsx'

type Props = {
  given: InitialRows<ActivityData>
  links: ActivityLinks
  /** The path of the space’s part of the audit trail; null: they may not read it. */
  story: string | null
}

/** The activity of a space, newest first, grouped by day, in pages. */
export function ActivityList({ given, links, story }: Props) {
  const { address } = links
  const { data, ...state } = useRows(`/api/rows/spaces/${encodeURIComponent(address.name)}/activity`, useSteady(given))
  const { by, before, rows, next, searchedSince } = data
  const href = (more: Record<string, string> = {}) => spacePath(address, 'activity', { ...(by && { by }), ...more })
  const live = useLiveRows(before === null ? activityEventsPath(address) : null, { ...state, data })
  return (
    <RowList
      rows={state}
      summary={summaryOf(data)}
      before={
        <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Sources address={address} by={by} />
          {before === null && <LiveBar live={live} />}
          {story !== null && (
            <LinkButton href={story} size="sm" icon="activity">
              History in the trail
            </LinkButton>
          )}
        </div>
      }
    >
      {rows.length > 0 ? (
        <div ref={live.box}>
          <DayGroups
            rows={rows}
            heading="h2"
            list={(ofDay, titleId) => (
              <ol aria-labelledby={titleId} className="overflow-hidden rounded-lg border bg-surface">
                {groupRepeats(ofDay, repeatKey).map(([row, ...repeats]) => (
                  // The oldest row stays the same when newer ones are added.
                  <ActivityEntry key={(repeats.at(-1) ?? row).seq} row={row} repeats={repeats} links={links} />
                ))}
              </ol>
            )}
          />
        </div>
      ) : (
        <EmptyState icon="activity" title={emptyTitle(data)}>
          {searchedSince === null ? shownOf(data) : 'The newest entries don’t match, but older ones may.'}
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

const Sources = ({ address, by }: { address: SpaceAddress; by: ActivitySource | null }) => (
  <SegmentLinks
    label="Filter by source"
    items={[
      { href: spacePath(address, 'activity'), label: 'All', current: by === null },
      ...activitySources.map((source) => ({
        href: spacePath(address, 'activity', { by: source }),
        label: sources[source],
        current: by === source,
      })),
    ]}
  />
)

function shownOf({ by }: ActivityData): string {
  if (by === 'people') return 'Changes that people make in the portal appear here.'
  if (by === 'kubectl') return 'Changes made with kubectl appear here.'
  if (by === 'spaceport') return 'Changes that Spaceport makes, such as ending roles, appear here.'
  return 'Everything people do in this space, in the portal or with kubectl, appears here.'
}

function emptyTitle({ by, before, searchedSince }: ActivityData): string {
  if (searchedSince !== null) return 'Nothing found yet'
  if (before !== null) return 'No older activity'
  return by === null ? 'No activity yet' : `No activity by ${by === 'people' ? 'people' : sources[by]} yet`
}

const summaryOf = (data: ActivityData): string =>
  data.rows.length === 0 ? emptyTitle(data) : `${data.rows.length} actions, newest first`
