import { type ToldRow, toToldRow } from '#components/audit/words/event-row.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'

/** A page of the trail, and the filters that it answers. */
export type AuditListData = {
  filters: AuditFilterText
  /** What is wrong with a filter, by its name: there are no rows then. */
  errors: Readonly<Record<string, string>>
  /** The `seq` that the page starts after; null: the newest. */
  before: string | null
  rows: ToldRow[]
  /** The `seq` that the next page starts after; null: this is the last. */
  next: string | null
  /** The time back to which was searched, where a search took too long to go on; null: the page is full, or complete. */
  searchedSince: string | null
}

/** @returns a page of the trail as data for the browser */
export const toAuditListData = (
  { rows, next, searchedSince, names }: AuditPage,
  filters: AuditFilterText,
  before: string | undefined,
): AuditListData => ({
  filters,
  errors: {},
  before: before ?? null,
  rows: rows.map((row) => toToldRow(row, { names, full: true })),
  next,
  searchedSince: searchedSince?.toISOString() ?? null,
})
