import type { AuditPage } from '#lib/domain/audit-view.ts'
import { type ToldRow, toToldRow } from './told-row.ts'

/** A page of a space's activity. `before`: the `seq` that it starts after; null: the newest. */
export type ActivityData = { before: string | null; rows: ToldRow[]; next: string | null }

/** @returns a page of a space's trail with only what its members see, because the browser gets it as data */
export const toActivityData = ({ rows, next, names }: AuditPage, before: string | undefined): ActivityData => ({
  before: before ?? null,
  rows: rows.map((row) => toToldRow(row, { names, within: row.spaceId ?? undefined, full: false })),
  next,
})
