import type { Metadata } from 'next'
import { readSavedFilters } from '#app/read-saved-filters.ts'
import { beforeParam, type SearchParams, searchText } from '#app/search-params.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { AuditTrail } from '#components/audit/audit-trail.tsx'
import { toChainData } from '#components/audit/chain/chain-data.ts'
import { TrailState } from '#components/audit/chain/trail-state.tsx'
import { actionOptions } from '#components/audit/words/action-options.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { listAudit } from '#lib/features/audit/use-cases/list-audit.ts'
import { listDeliveries } from '#lib/features/audit/use-cases/list-deliveries.ts'
import { readChainForPage } from '#lib/features/audit/use-cases/read-chain-for-page.ts'
import { trailMonthInWords } from '#lib/kernel/model/audit/trail-month.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { auditParams, parseAuditQuery } from './parse-audit-query.ts'
import { readAuditFilters } from './read-audit-filters.ts'

export const metadata: Metadata = { title: 'Audit trail' }

type Props = { searchParams: Promise<SearchParams> }

/** The whole trail, newest first, for auditors and platform admins. */
export default async function AuditPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('list-audit', { platformRole, standing: null }) !== 'allowed')
    return (
      <NotForYou
        page="Audit trail"
        isEligible={ctx.actor.isEligible}
        title="Only auditors and platform admins can read the audit trail"
      >
        To see what happened in one of your spaces, open its Activity tab.
      </NotForYou>
    )

  const filters = readAuditFilters(params)
  const before = beforeParam(params)
  const parsed = parseAuditQuery(filters, ctx.now, before)
  const [chain, deliveries, kept, data] = await Promise.all([
    readChainForPage(ctx),
    listDeliveries(ctx),
    readSavedFilters(ctx, 'trail'),
    parsed.ok
      ? listAudit(ctx, parsed.query).then((page) => toAuditListData(page, filters, before))
      : {
          filters,
          errors: parsed.fields,
          before: before ?? null,
          rows: [],
          next: null,
          searchedSince: null,
        },
  ])
  return (
    <AuditTrail
      actions={actionOptions}
      kept={kept}
      archived={chain.archived && trailMonthInWords(chain.archived.until)}
      given={{ names: auditParams, search: searchText(params, auditParams), data }}
      state={<TrailState chain={toChainData(chain)} deliveries={deliveries} now={ctx.now} />}
    />
  )
}
