import type { Metadata } from 'next'
import { beforeParam, searchText } from '#app/search-params.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { toActivityData } from '#components/audit/activity-data.ts'
import { ActivityList } from '#components/audit/activity-list.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { listSpaceActivity } from '#lib/broker/audit/list-audit.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Activity · ${(await readSpacePage(props)).space.name}` }
}

/** The parameters of the page’s address. */
const names = ['cluster', 'before']

/** What happened in a space: in the portal, through kubectl, and by Spaceport itself. */
export default async function SpaceActivityPage(props: SpacePageProps) {
  const { ctx, key, space, address, search } = await readSpacePage(props)
  const before = beforeParam(search)
  const data = toActivityData(await listSpaceActivity(ctx, { space: key, before }), before)
  return (
    <SpaceFrame space={space} address={address}>
      <section>
        <h2 className="mb-3 font-semibold">Activity</h2>
        <ActivityList address={address} given={{ names, search: searchText(search, names), data }} />
      </section>
    </SpaceFrame>
  )
}
