import type { Metadata } from 'next'
import { beforeParam, type SearchParams, searchText } from '#app/search-params.ts'
import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { AuditTrail } from '#components/audit/audit-trail.tsx'
import { ActivateLink } from '#components/shell/activate-link.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listAudit } from '#lib/broker/audit/list-audit.ts'
import { decidePermission } from '#lib/domain/permission.ts'
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
    return <NotForYou isEligible={ctx.actor.isEligible} />

  const filters = readAuditFilters(params)
  const before = beforeParam(params)
  const parsed = parseAuditQuery(filters, before)
  const data = parsed.ok
    ? toAuditListData(await listAudit(ctx, parsed.query), filters, before)
    : { filters, errors: parsed.fields, before: before ?? null, rows: [], next: null }
  return <AuditTrail given={{ names: auditParams, search: searchText(params, auditParams), data }} />
}

function NotForYou({ isEligible }: { isEligible: boolean }) {
  return (
    <>
      <PageHeader title="Audit trail" />
      <EmptyState
        icon="lock"
        title="Only auditors and platform admins can read the audit trail"
        action={isEligible ? <ActivateLink /> : <LinkButton href="/">All spaces</LinkButton>}
      >
        {isEligible
          ? 'You can be a platform admin, but the role isn’t active.'
          : 'Your groups at the identity provider give you neither role.'}{' '}
        To see what happened in one of your spaces, open its Activity tab.
      </EmptyState>
    </>
  )
}
