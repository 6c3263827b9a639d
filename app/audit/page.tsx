import type { Metadata } from 'next'
import { beforeParam, type SearchParams } from '#app/search-params.ts'
import { AuditFilterForm } from '#components/audit/audit-filter-form.tsx'
import { auditHref } from '#components/audit/audit-href.ts'
import { AuditList } from '#components/audit/audit-list.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { listAudit } from '#lib/broker/audit/list-audit.ts'
import { decidePermission } from '#lib/domain/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { parseAuditQuery } from './parse-audit-query.ts'
import { readAuditFilters } from './read-audit-filters.ts'

export const metadata: Metadata = { title: 'Audit trail' }

type Props = { searchParams: Promise<SearchParams> }

/** The whole trail, newest first, for auditors and platform admins. */
export default async function AuditPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('list-audit', { platformRole, standing: null }) !== 'allowed') return <NotForYou />

  const filters = readAuditFilters(params)
  const before = beforeParam(params)
  const parsed = parseAuditQuery(filters, before)
  const page = parsed.ok ? await listAudit(ctx, parsed.query) : null
  const filtered = Object.keys(filters).length > 0
  return (
    <>
      <PageHeader
        title="Audit trail"
        description="Who did what, when and from where, and how it ended. Entries can’t be changed or removed."
        actions={
          page && (
            <>
              <LinkButton download href={auditHref('/api/audit/export', filters, { format: 'csv' })} icon="download">
                Download CSV
              </LinkButton>
              <LinkButton download href={auditHref('/api/audit/export', filters, { format: 'ndjson' })} icon="download">
                Download NDJSON
              </LinkButton>
            </>
          )
        }
      />
      <AuditFilterForm
        // The inputs are uncontrolled, so another address needs new ones.
        key={auditHref('', filters)}
        filters={filters}
        errors={parsed.ok ? {} : parsed.fields}
      />
      {!page && (
        <Alert kind="bad" title="This filter doesn’t work">
          <p>Fix the marked fields, or clear the filter.</p>
        </Alert>
      )}
      {page?.rows.length === 0 && (
        <EmptyState
          icon="activity"
          title={filtered || before ? 'No matching entries' : 'No entries yet'}
          action={(filtered || before) && <LinkButton href="/audit">Show the whole trail</LinkButton>}
        >
          {filtered || before
            ? 'Nothing in the audit trail matches this filter.'
            : 'Everything people do in Spaceport or with kubectl shows up here.'}
        </EmptyState>
      )}
      {page && page.rows.length > 0 && <AuditList rows={page.rows} />}
      {page && (
        <Pagination
          previous={before ? auditHref('/audit', filters) : null}
          previousLabel="Newest"
          next={page.next ? auditHref('/audit', filters, { before: page.next }) : null}
          nextLabel="Older"
        />
      )}
    </>
  )
}

function NotForYou() {
  return (
    <>
      <PageHeader title="Audit trail" />
      <EmptyState
        icon="lock"
        title="Only auditors and platform admins can read the audit trail"
        action={<LinkButton href="/">All spaces</LinkButton>}
      >
        Your groups at the identity provider give you neither role. To see what happened in one of your spaces, open its
        Activity tab.
      </EmptyState>
    </>
  )
}
