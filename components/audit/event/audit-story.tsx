'use client'

import { auditHref } from '#components/audit/audit-href.ts'
import { AuditList } from '#components/audit/audit-list.tsx'
import type { AuditListData } from '#components/audit/audit-list-data.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import { Section } from '#components/ui/section.tsx'
import type { StoryKind } from '#lib/features/audit/model/story-view.ts'
import { storyFilter, storyPath } from './story-path.ts'

type Props = {
  of: StoryKind
  /** A person's handle, or the id of a space or credential. */
  at: string
  given: InitialRows<AuditListData>
}

/** Everything in the trail about a person, space or credential, newest first, in pages. */
export function AuditStory({ of, at, given }: Props) {
  const path = storyPath(of, at)
  const { data, ...state } = useRows(`/api/rows/audit/${of}/${encodeURIComponent(at)}`, given)
  const { before, rows, next } = data
  return (
    <Section
      title="Events"
      content="bare"
      actions={
        <LinkButton size="sm" href={auditHref('/audit', storyFilter(of, at))} icon="filter">
          Filter in the audit trail
        </LinkButton>
      }
    >
      <RowList rows={state} summary={rows.length === 0 ? 'Nothing older' : `${rows.length} entries, newest first`}>
        {rows.length > 0 ? (
          <AuditList rows={rows} heading="h3" filters={storyFilter(of, at)} />
        ) : (
          <EmptyState icon="activity" title={before === null ? 'Nothing yet' : 'Nothing older'}>
            There are no entries {before === null ? '' : 'older '}here.
          </EmptyState>
        )}
        <Pagination
          previous={before === null ? null : path}
          previousLabel="Newest"
          next={next === null ? null : `${path}?before=${next}`}
          nextLabel="Older"
        />
      </RowList>
    </Section>
  )
}
