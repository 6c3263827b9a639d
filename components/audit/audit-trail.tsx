'use client'

import type { ReactNode } from 'react'
import { TrailPages } from '#components/audit/chain/trail-pages.tsx'
import type { ActionOption } from '#components/audit/words/action-options.ts'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AuditFilterForm } from './audit-filter-form.tsx'
import { auditHref } from './audit-href.ts'
import { AuditList } from './audit-list.tsx'
import type { AuditListData } from './audit-list-data.ts'
import { LiveBar } from './live-bar.tsx'
import { useLiveRows, useSteady } from './use-live-rows.ts'

type Props = {
  given: InitialRows<AuditListData>
  /** The state of the trail itself. */
  state: ReactNode
  /** Until when entries are archived, in words; null: none are. */
  archived: string | null
  actions: readonly ActionOption[]
  /** The person's saved filters; null for an account that can't save any. */
  kept: KeptFilters | null
}

/** The trail with its filters, pages and downloads. */
export function AuditTrail({ given, state, archived, actions, kept }: Props) {
  const { data, ...fetched } = useRows('/api/rows/audit', useSteady(given))
  const { filters, errors, before, rows, next, searchedSince } = data
  const live = useLiveRows(before === null && Object.keys(errors).length === 0 ? '/api/audit/live' : null, {
    ...fetched,
    data,
  })
  const readable = Object.keys(errors).length === 0
  const narrowed = Object.keys(filters).length > 0 || before !== null
  return (
    <>
      <PageHeader
        title="Audit trail"
        badge={state}
        description="Who did what, when and from where, and how it ended."
        actions={
          readable && (
            <>
              <LinkButton download href={auditHref('/api/audit/export', filters, { format: 'csv' })} icon="download">
                <span>
                  <span className="max-xl:sr-only">Download </span>CSV
                </span>
              </LinkButton>
              <LinkButton download href={auditHref('/api/audit/export', filters, { format: 'ndjson' })} icon="download">
                <span>
                  <span className="max-xl:sr-only">Download </span>NDJSON
                </span>
              </LinkButton>
              <LinkButton href={auditHref('/audit/exports', filters)} icon="inbox">
                New export
              </LinkButton>
            </>
          )
        }
      />
      <RowList
        rows={fetched}
        summary={summaryOf(data)}
        before={
          <AuditFilterForm
            filters={filters}
            errors={errors}
            actions={actions}
            kept={kept}
            aside={readable && before === null && <LiveBar live={live} />}
          />
        }
      >
        {!readable && (
          <Alert kind="bad" title="This filter doesn’t work">
            <p>Fix the marked fields, or clear the filter.</p>
          </Alert>
        )}
        {rows.length === 0 && searchedSince !== null && (
          <EmptyState icon="search" title="Nothing found yet">
            The newest entries don’t match, but older ones may.
          </EmptyState>
        )}
        {readable && rows.length === 0 && searchedSince === null && (
          <EmptyState
            icon="activity"
            title={narrowed ? 'No matching entries' : 'No entries yet'}
            action={narrowed && <LinkButton href="/audit">Show the whole trail</LinkButton>}
          >
            {narrowed
              ? 'Nothing in the audit trail matches this filter.'
              : 'Everything people do in Spaceport or with kubectl appears here.'}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <div ref={live.box}>
            <AuditList rows={rows} heading="h2" filters={filters} />
          </div>
        )}
        <TrailPages
          newest={before === null ? null : auditHref('/audit', filters)}
          older={next === null ? null : auditHref('/audit', filters, { before: next })}
          searchedSince={searchedSince}
        >
          {readable && archived !== null && next === null && searchedSince === null && (
            <>Entries up to {archived} are archived. Ask your Spaceport operator for them.</>
          )}
        </TrailPages>
      </RowList>
    </>
  )
}

const summaryOf = ({ rows, searchedSince }: AuditListData): string =>
  rows.length > 0
    ? `${rows.length} entries, newest first${searchedSince === null ? '' : ', so far'}`
    : searchedSince === null
      ? 'No matching entries'
      : 'Nothing found yet'
