import type { Metadata } from 'next'
import { checkSpaceNameAction, createSpaceAction } from '#app/spaces/actions.ts'
import { dayAfter, dayOf } from '#components/spaces/last-day.ts'
import { NewSpaceForm } from '#components/spaces/new/new-space-form.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { countOwnSpaces } from '#lib/features/spaces/use-cases/count-own-spaces.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'New space' }

/** The form for a new space. It becomes a request if the space exceeds policy. */
export default async function NewSpacePage() {
  const ctx = await pageContext()
  const { policy, clusters } = ctx
  const owned = await countOwnSpaces(ctx)
  return (
    <>
      <PageHeader
        title="New space"
        description="Your own namespace, ready in seconds."
        back={<BackLink href="/" label="Spaces" />}
      />
      <NewSpaceForm
        policy={{
          owned,
          limit: policy.spaceLimit,
          maxSize: policy.maxSize,
          latestDay: policy.longestSpaceDays === null ? null : dayOf(latestEnd(ctx.now, policy.longestSpaceDays)),
          prefix: policy.namespacePrefix,
          clusters: clusters.names,
          defaultCluster: clusters.defaultName,
        }}
        create={createSpaceAction}
        checkName={checkSpaceNameAction}
        tomorrow={dayAfter(ctx.now)}
      />
    </>
  )
}
