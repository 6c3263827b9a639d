import type { Metadata } from 'next'
import { OverviewView } from '#components/overview/overview-view.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { readOverview } from '#lib/features/overview/use-cases/read-overview.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { pageSession } from '#lib/web/request/current-session.ts'

export const metadata: Metadata = { title: 'Overview' }

/** What needs attention, and totals, for auditors and platform admins. */
export default async function AdminPage() {
  const ctx = await pageContext()
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('read-overview', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Overview" isEligible={isEligible} />
  const [overview, session] = await Promise.all([readOverview(ctx), pageSession()])
  return (
    <>
      <PageHeader title="Overview" />
      <OverviewView overview={overview} inbox={session?.inbox ?? 0} />
    </>
  )
}
