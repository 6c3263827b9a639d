import type { Metadata } from 'next'
import { beforeParam } from '#app/search-params.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { ActivityList } from '#components/audit/activity-list.tsx'
import { toAuditListRow } from '#components/audit/audit-list-data.ts'
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
  const before = beforeParam(search)
  const { rows, next } = await listSpaceActivity(ctx, { space: key, before })
  return (
    <SpaceFrame space={space} address={address}>
      <section>
        <h2 className="mb-3 font-semibold">Activity</h2>
        {rows.length > 0 ? (
          <ActivityList rows={rows.map(toAuditListRow)} />
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
