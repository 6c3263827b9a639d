import type { Metadata } from 'next'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { rowLabel } from '#components/audit/action-label.ts'
import { ActivityList } from '#components/audit/activity-list.tsx'
import { activityTarget, failureInWords } from '#components/audit/activity-words.ts'
import { actorName } from '#components/audit/audit-answers.ts'
import { oneParam } from '#components/spaces/list/space-search.ts'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { spacePath } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { listSpaceActivity } from '#lib/broker/audit/list-audit.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Activity · ${(await readSpacePage(props)).space.name}` }
}

/** What happened in a space: in the portal, through kubectl, and by Spaceport itself. */
export default async function SpaceActivityPage(props: SpacePageProps) {
  const { ctx, key, space, address, search } = await readSpacePage(props)
  const asked = oneParam(search, 'before')
  const before = asked && /^\d{1,18}$/.test(asked) ? asked : undefined
  const { rows, next } = await listSpaceActivity(ctx, key, { before })
  return (
    <SpaceFrame space={space} address={address}>
      <section>
        <h2 className="mb-3 font-semibold">Activity</h2>
        {rows.length > 0 ? (
          <ActivityList
            rows={rows}
            label={rowLabel}
            actor={actorName}
            target={activityTarget}
            failure={failureInWords}
          />
        ) : (
          <EmptyState icon="activity" title={before ? 'No older activity' : 'No activity yet'}>
            Everything people do to this space, here or with kubectl, shows up on this page.
          </EmptyState>
        )}
        <Pagination
          previous={before ? spacePath(address, 'activity') : null}
          previousLabel="Newest"
          next={next ? spacePath(address, 'activity', { before: next }) : null}
          nextLabel="Older"
        />
      </section>
    </SpaceFrame>
  )
}
