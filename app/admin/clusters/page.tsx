import type { Metadata } from 'next'
import { ClusterList } from '#components/clusters/cluster-list.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { RefreshAt } from '#components/ui/time/refresh-at.tsx'
import { listClusters } from '#lib/features/clusters/use-cases/list-clusters.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Clusters' }

/** The worker updates the data at this interval. */
const everyMs = 60_000

/** The state of each cluster, for platform admins. */
export default async function ClustersPage() {
  const ctx = await pageContext()
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('list-clusters', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Clusters" isEligible={isEligible} title="Only platform admins can see this page" />
  const clusters = await listClusters(ctx)
  return (
    <>
      <PageHeader title="Clusters" description="Health and capacity, checked every minute." />
      <ClusterList clusters={clusters} />
      <RefreshAt at={new Date(Date.now() + everyMs).toISOString()} />
    </>
  )
}
