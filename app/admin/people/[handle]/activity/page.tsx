import { frameOf, openPerson, type PersonPageProps, personTitle } from '#app/admin/people/[handle]/read-person.ts'
import { storyParams } from '#app/audit/story-page.tsx'
import { beforeParam, searchText } from '#app/search-params.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { AuditStory } from '#components/audit/event/audit-story.tsx'
import { PersonFrame } from '#components/people/person-frame.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { readPersonStory } from '#lib/features/audit/use-cases/read-story.ts'

export const generateMetadata = personTitle('Activity')

/** What a person did, and what others changed about them, for auditors and platform admins. */
export default async function PersonActivityPage(props: PersonPageProps) {
  const [{ ctx, head }, search] = await Promise.all([openPerson(props), props.searchParams])
  if (!head) return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const { person } = head
  const before = beforeParam(search)
  const story = await readPersonStory(ctx, { handle: person.handle, before })
  const given = {
    names: storyParams,
    search: searchText(search, storyParams),
    data: toAuditListData(story, {}, before),
  }
  return (
    <PersonFrame {...frameOf(ctx, head)}>
      <AuditStory of="people" at={person.handle} given={given} />
    </PersonFrame>
  )
}
