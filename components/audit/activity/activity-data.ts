import { type EventRow, toEventRow } from '#components/audit/words/event-row.ts'
import type { ActivitySource } from '#lib/features/audit/model/activity-source.ts'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'

/**
 * A page of a space's activity. `by`: the source shown; null: all. `before`: the `seq` that it starts after; null: the
 * newest. `searchedSince`: see AuditListData.
 */
export type ActivityData = {
  by: ActivitySource | null
  before: string | null
  rows: EventRow[]
  next: string | null
  searchedSince: string | null
}

export type ActivityQuery = { by?: ActivitySource | undefined; before?: string | undefined }

/** @returns a page of a space's trail, with only what its members may see, because the browser gets it as data */
export const toActivityData = (
  { rows, next, searchedSince, names }: AuditPage,
  { by, before }: ActivityQuery,
): ActivityData => ({
  by: by ?? null,
  before: before ?? null,
  rows: rows.map((row) => toEventRow(row, { names, within: row.spaceId ?? undefined, full: false })),
  next,
  searchedSince: searchedSince?.toISOString() ?? null,
})
