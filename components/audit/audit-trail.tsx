'use client'

import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { RowList } from '#components/ui/row-list.tsx'
import { type Given, useRows } from '#components/ui/use-rows.ts'
import { AuditFilterForm } from './audit-filter-form.tsx'
import { auditHref } from './audit-href.ts'
import { AuditList } from './audit-list.tsx'
import type { AuditListData } from './audit-list-data.ts'

/** The trail with its filters and pages, and its download. */
export function AuditTrail({ given }: { given: Given<AuditListData> }) {
  const { data, ...state } = useRows('/api/rows/audit', given)
  const { filters, errors, before, rows, next } = data
  const readable = Object.keys(errors).length === 0
  const narrowed = Object.keys(filters).length > 0 || before !== null
  return (
    <>
      <PageHeader
        title="Audit trail"
        description="Who did what, when and from where, and how it ended. Entries can’t be changed or removed."
        actions={
          readable && (
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
      <RowList
        rows={state}
        summary={rows.length === 0 ? 'No matching entries' : `${rows.length} entries, newest first`}
        before={
          // The inputs are uncontrolled, so another address needs new ones.
          <AuditFilterForm key={auditHref('', filters)} filters={filters} errors={errors} />
        }
      >
        {!readable && (
          <Alert kind="bad" title="This filter doesn’t work">
            <p>Fix the marked fields, or clear the filter.</p>
          </Alert>
        )}
        {readable && rows.length === 0 && (
          <EmptyState
            icon="activity"
            title={narrowed ? 'No matching entries' : 'No entries yet'}
            action={narrowed && <LinkButton href="/audit">Show the whole trail</LinkButton>}
          >
            {narrowed
              ? 'Nothing in the audit trail matches this filter.'
              : 'Everything people do in Spaceport or with kubectl shows up here.'}
          </EmptyState>
        )}
        {rows.length > 0 && <AuditList rows={rows} />}
        <Pagination
          previous={before === null ? null : auditHref('/audit', filters)}
          previousLabel="Newest"
          next={next === null ? null : auditHref('/audit', filters, { before: next })}
          nextLabel="Older"
        />
      </RowList>
    </>
  )
}
