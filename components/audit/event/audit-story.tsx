'use client'

import type { ReactNode } from 'react'
import { AuditList } from '#components/audit/audit-list.tsx'
import type { AuditListData } from '#components/audit/audit-list-data.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { RowList } from '#components/ui/list/row-list.tsx'
import { type InitialRows, useRows } from '#components/ui/list/use-rows.ts'
import type { StoryKind } from '#lib/features/audit/model/story-view.ts'
import { storyFilter, storyPath } from './story-path.ts'

type Props = {
  of: StoryKind
  /** A person's handle, or the id of a space or credential. */
  at: string
  given: InitialRows<AuditListData>
  /** The subject of the story, with its facts. */
  children: ReactNode
}

/** Everything in the trail about a person, space or credential, newest first, in pages. */
export function AuditStory({ of, at, given, children }: Props) {
  const path = storyPath(of, at)
  const { data, ...state } = useRows(`/api/rows${path}`, given)
  const { before, rows, next } = data
  return (
    <>
      {children}
      <h2 className="mt-8 mb-3">Events</h2>
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
    </>
  )
}
