import type { AuditPage, AuditRow } from '#lib/domain/audit-view.ts'
import { rowLabel } from './action-label.ts'
import { activityTarget, failureInWords } from './activity-words.ts'
import { actorName } from './audit-answers.ts'

/** What the members of a space see of an action: not from where, with what, or in which words it was asked for. */
export type ActivityRow = {
  seq: string
  at: string
  who: string
  did: string
  target: string | null
  failure: string | null
  outcome: AuditRow['outcome']
}

/** A page of a space's activity. `before`: the `seq` that it starts after; null: the newest. */
export type ActivityData = { before: string | null; rows: ActivityRow[]; next: string | null }

/** @returns a page of a space's trail with only what its members see, because the browser gets it as data */
export const toActivityData = ({ rows, next }: AuditPage, before: string | undefined): ActivityData => ({
  before: before ?? null,
  rows: rows.map((row) => ({
    seq: row.seq,
    at: row.at.toISOString(),
    who: actorName(row.actor),
    did: lowerFirst(rowLabel(row)),
    target: activityTarget(row),
    failure: failureInWords(row),
    outcome: row.outcome,
  })),
  next,
})

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
