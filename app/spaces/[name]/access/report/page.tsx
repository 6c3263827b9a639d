import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { askWhatMayAction, askWhoMayAction } from '#app/admin/access/actions.ts'
import { validParam } from '#app/search-params.ts'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { addressedSpace, findSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { accessExportPath } from '#components/access/access-export-path.ts'
import { AccessTable } from '#components/access/access-table.tsx'
import { AskWhatMay } from '#components/access/ask-what-may.tsx'
import { AskWhoMay } from '#components/access/ask-who-may.tsx'
import { ClusterBindings } from '#components/access/cluster-bindings.tsx'
import { DirectAccessTable } from '#components/access/direct-access-table.tsx'
import { ReportedSpace } from '#components/access/reported-space.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { addressOf, spaceOf, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { Section } from '#components/ui/section.tsx'
import { accessCursor } from '#lib/features/access/model/access-report.ts'
import { readAccessOfSpace } from '#lib/features/access/use-cases/read-access-report.ts'
import { readDirectAccess } from '#lib/features/access/use-cases/read-direct-access.ts'
import { readSpaceBindings } from '#lib/features/access/use-cases/read-space-bindings.ts'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'

export async function generateMetadata({ params }: SpacePageProps): Promise<Metadata> {
  return { title: mayRead(await pageContext()) ? `Access report · ${(await params).name}` : 'Access report' }
}

const mayRead = ({ actor: { platformRole } }: PageContext) =>
  decidePermission('read-access-report', { platformRole, standing: null }) === 'allowed'

/** Everyone who has access to a space, by Spaceport’s data and on the cluster, for auditors and platform admins. */
export default async function AccessReportPage(props: SpacePageProps) {
  const [ctx, addressed] = await Promise.all([pageContext(), addressedSpace(props)])
  if (!mayRead(ctx)) return <NotForYou page="Access report" isEligible={ctx.actor.isEligible} />
  if (!addressed) notFound()
  const key = spaceOf(addressed.name, addressed.cluster)
  const after = validParam(await props.searchParams, 'after', accessCursor)
  const onCluster = bindingsOf(ctx, key)
  const [page, report, directAccess] = await Promise.all([
    findSpacePage(props),
    readAccessOfSpace(ctx, { space: key, after }),
    readDirectAccess(ctx, { space: key }),
  ]).catch((error: unknown) => {
    if (isAppError(error, 'not_found', 'cluster_unknown', 'bad_input')) notFound()
    throw error
  })
  const { space, rows, next } = report
  const { defaultName: defaultCluster, names: clusters } = ctx.clusters
  const address = addressOf(space, defaultCluster)
  const path = spacePath(address, 'access/report')
  const sections = (
    <>
      <Section
        title="People"
        content="bare"
        actions={
          <LinkButton download size="sm" href={accessExportPath({ space: address })} icon="download">
            Download CSV
          </LinkButton>
        }
      >
        <AccessTable
          rows={rows}
          of="space"
          now={ctx.now}
          defaultCluster={defaultCluster}
          isAdmin={ctx.actor.platformRole === 'admin'}
        />
        <Pagination
          previous={after === undefined ? null : path}
          previousLabel="First page"
          next={next === null ? null : spacePath(address, 'access/report', { after: next })}
        />
      </Section>
      <Section title="On the cluster" content="bare">
        <Suspense fallback={<p className="text-muted text-sm">Asking the cluster…</p>}>
          <OnCluster asked={onCluster} />
        </Suspense>
      </Section>
      <Section
        title="Direct access"
        content="bare"
        description="Past the gateway: with client certificates, ServiceAccount tokens, or as a cluster admin."
      >
        <DirectAccessTable found={directAccess} />
      </Section>
      <Section
        title="Ask the cluster"
        description="The API server answers, and each question is recorded in the audit trail."
      >
        <div className="space-y-6">
          <AskWhoMay address={address} action={askWhoMayAction} />
          <AskWhatMay known={{ space: address }} clusters={clusters} action={askWhatMayAction} />
        </div>
      </Section>
    </>
  )
  if (!page) return <ReportedSpace space={space}>{sections}</ReportedSpace>
  return (
    <SpaceFrame {...page.frame}>
      <BackLink href={spacePath(address, 'access')} label="Access" />
      {sections}
    </SpaceFrame>
  )
}

type Bindings = Awaited<ReturnType<typeof readSpaceBindings>> | AppError

/** Asks the cluster while the database is read. An expected failure is shown in place of the answer. */
function bindingsOf(ctx: PageContext, space: SpaceKey): Promise<Bindings> {
  const asked = orError(readSpaceBindings(ctx, { space }))
  // Avoids an unhandled rejection: if the space doesn’t exist, the result isn’t awaited.
  asked.catch(() => {})
  return asked
}

async function OnCluster({ asked }: { asked: Promise<Bindings> }) {
  const found = await asked
  if (!isAppError(found)) return <ClusterBindings found={found} />
  return (
    <Alert kind="warn" title="The cluster’s bindings can’t be shown right now">
      <p>{found.sentence}</p>
    </Alert>
  )
}
