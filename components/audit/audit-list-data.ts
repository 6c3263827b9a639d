import { type EventRow, toEventRow } from '#components/audit/words/event-row.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'

export type AuditListData = {
  filters: AuditFilterText
  /** Errors by filter. With errors there are no rows. */
  errors: Readonly<Record<string, string>>
  /** The `seq` that the page starts after; null: the newest. */
  before: string | null
  rows: EventRow[]
  /** The `seq` that the next page starts after; null: this is the last. */
  next: string | null
  /** How far back a slow search got; null: the page is full or complete. */
  searchedSince: string | null
}

export const toAuditListData = (
  { rows, next, searchedSince, names }: AuditPage,
  filters: AuditFilterText,
  before: string | undefined,
): AuditListData => ({
  filters,
  errors: {},
  before: before ?? null,
  rows: rows.map((row) => toEventRow(row, { names, full: true })),
  next,
  searchedSince: searchedSince?.toISOString() ?? null,
})
