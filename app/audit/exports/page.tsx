import type { Metadata } from 'next'
import { parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { readAuditFilters } from '#app/audit/read-audit-filters.ts'
import type { SearchParams } from '#app/search-params.ts'
import { accessExportPath } from '#components/access/access-export-path.ts'
import { auditHref } from '#components/audit/audit-href.ts'
import { ChainCard } from '#components/audit/chain/chain-card.tsx'
import { toChainData } from '#components/audit/chain/chain-data.ts'
import { ClusterIntakes } from '#components/audit/chain/cluster-intakes.tsx'
import { Deliveries } from '#components/audit/chain/deliveries.tsx'
import { ExportForm } from '#components/audit/export/export-form.tsx'
import { ExportList } from '#components/audit/export/export-list.tsx'
import { filterInWords } from '#components/audit/words/filter-in-words.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { RefreshWhile } from '#components/ui/time/refresh-while.tsx'
import { listAuditIntakes } from '#lib/features/audit/use-cases/list-audit-intakes.ts'
import { listDeliveries } from '#lib/features/audit/use-cases/list-deliveries.ts'
import { listExports } from '#lib/features/audit/use-cases/list-exports.ts'
import { readChainForPage } from '#lib/features/audit/use-cases/read-chain-for-page.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { cancelVerificationAction, removeExportAction, startExportAction, verifyTrailAction } from './actions.ts'

export const metadata: Metadata = { title: 'Exports & integrity' }

type Props = { searchParams: Promise<SearchParams> }

/** Exports, integrity and deliveries of the trail, for auditors and platform admins. */
export default async function ExportsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('export-audit', { platformRole, standing: null }) !== 'allowed')
    return (
      <NotForYou
        page="Exports & integrity"
        isEligible={isEligible}
        title="Only auditors and platform admins can export the audit trail"
      />
    )
  const [exports, chain, intakes, deliveries] = await Promise.all([
    listExports(ctx),
    readChainForPage(ctx),
    listAuditIntakes(ctx),
    listDeliveries(ctx),
  ])
  const filters = readAuditFilters(params)
  const isReadable = parseAuditQuery(filters, ctx.now).ok
  return (
    <>
      <PageHeader
        title="Exports & integrity"
        description="Files with the audit trail or everyone’s access, and proof that the trail is complete."
        back={<BackLink href={auditHref('/audit', filters)} label="Audit trail" />}
      />
      <div className="space-y-8">
        <Section title="New export" description="Made in the background, up to 1 GB compressed, and kept for 7 days.">
          {isReadable ? (
            <ExportForm filters={filters} what={filterInWords(filters)} action={startExportAction} />
          ) : (
            <Alert kind="bad" title="This filter doesn’t work">
              <p>Go back to the audit trail to fix or clear it.</p>
            </Alert>
          )}
        </Section>
        <ExportList exports={exports} action={removeExportAction} />
        <Section
          title="Access report"
          description="Who has access to which spaces, why, until when, and when they last used it."
          actions={(['person', 'space'] as const).map((by) => (
            <LinkButton key={by} download href={accessExportPath({ by })} icon="download">
              By {by} (CSV)
            </LinkButton>
          ))}
        />
        <ChainCard
          data={toChainData(chain)}
          now={ctx.now}
          actions={{ verify: verifyTrailAction, cancel: cancelVerificationAction }}
        />
        <ClusterIntakes intakes={intakes} />
        <Deliveries deliveries={deliveries} now={ctx.now} />
      </div>
      <RefreshWhile active={exports.some(({ state }) => state === 'waiting')} />
    </>
  )
}
