import { notFound } from 'next/navigation'
import {
  findHead,
  frameOf,
  mayReadPeople,
  type PersonPageProps,
  personTitle,
} from '#app/admin/people/[handle]/read-person.ts'
import { storyParams } from '#app/audit/story-page.tsx'
import { beforeParam, searchText } from '#app/search-params.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { AuditStory } from '#components/audit/event/audit-story.tsx'
import { PersonFrame } from '#components/people/person-frame.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { readPersonStory } from '#lib/features/audit/use-cases/read-story.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const generateMetadata = personTitle('Activity')

/** What a person did, and what others changed about them, for auditors and platform admins. */
export default async function PersonActivityPage({ params, searchParams }: PersonPageProps) {
  const [ctx, { handle }, search] = await Promise.all([pageContext(), params, searchParams])
  if (!mayReadPeople(ctx)) return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const head = await findHead(handle)
  if (!head) notFound()
  const before = beforeParam(search)
  const story = await readPersonStory(ctx, { handle: head.person.handle, before })
  const given = {
    names: storyParams,
    search: searchText(search, storyParams),
    data: toAuditListData(story, {}, before),
  }
  return (
    <PersonFrame {...frameOf(ctx, head)}>
      <AuditStory of="people" at={head.person.handle} given={given} />
    </PersonFrame>
  )
}
