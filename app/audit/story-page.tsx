import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { beforeParam, type SearchParams, searchText } from '#app/search-params.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { AuditStory } from '#components/audit/event/audit-story.tsx'
import { StoryFacts } from '#components/audit/event/story-facts.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'
import type { StoryHead } from '#lib/features/audit/model/story-view.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'

export const storyMetadata: Metadata = { title: 'Audit trail' }

/** What the address of a story has besides its path. */
export const storyParams = ['before']

type Story = {
  of: 'spaces' | 'credentials'
  id: string
  searchParams: Promise<SearchParams>
  /** @throws AppError not_found */
  read: (ctx: PageContext, before: string | undefined) => Promise<{ head: StoryHead; page: AuditPage }>
}

/** A story of the trail, for auditors and platform admins. */
export async function storyPage({ of, id, searchParams, read }: Story) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('list-audit', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Audit trail" isEligible={isEligible} />
  const before = beforeParam(params)
  const found = await read(ctx, before).catch((error: unknown) => {
    if (isAppError(error, 'not_found', 'bad_input')) return null
    throw error
  })
  if (!found) notFound()
  const data = toAuditListData(found.page, {}, before)
  return (
    <>
      <StoryFacts
        head={found.head}
        now={ctx.now}
        defaultCluster={ctx.clusters.defaultName}
        isAdmin={platformRole === 'admin'}
      />
      <div className="mt-8">
        <AuditStory of={of} at={id} given={{ names: storyParams, search: searchText(params, storyParams), data }} />
      </div>
    </>
  )
}
