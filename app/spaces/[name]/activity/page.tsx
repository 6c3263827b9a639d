import type { Metadata } from 'next'
import { z } from 'zod'
import { beforeParam, searchText, validParam } from '#app/search-params.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { toActivityData } from '#components/audit/activity/activity-data.ts'
import { ActivityList } from '#components/audit/activity/activity-list.tsx'
import { storyPath } from '#components/audit/event/story-path.ts'
import { moreRoom } from '#components/audit/more-room.ts'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { activitySources } from '#lib/features/audit/model/activity-source.ts'
import { listSpaceActivity } from '#lib/features/audit/use-cases/list-audit.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Activity · ${(await readSpacePage(props)).space.name}` }
}

/** The page’s query parameters. */
const names = ['cluster', 'by', 'before']

/** What happened in a space: in the portal, through kubectl, and by Spaceport itself. */
export default async function SpaceActivityPage(props: SpacePageProps) {
  const { ctx, key, space, address, may, search, frame, inGit } = await readSpacePage(props)
  const query = { by: validParam(search, 'by', z.enum(activitySources)), before: beforeParam(search) }
  const more = moreRoom(address, {
    size: space.size,
    maxSize: ctx.policy.maxSize,
    mayChange: may('update-space') && !inGit,
    mayAsk: may('request-size') && !inGit,
  })
  const data = toActivityData(await listSpaceActivity(ctx, { space: key, ...query }), query)
  return (
    <SpaceFrame {...frame}>
      <ActivityList
        given={{ names, search: searchText(search, names), data }}
        links={{ address, toStories: may('list-audit'), more }}
        story={may('list-audit') ? storyPath('spaces', space.id) : null}
      />
    </SpaceFrame>
  )
}
