import type { AuditPage, AuditRow } from '#lib/domain/audit-view.ts'
import { failureInWords } from './reason-words.ts'
import { reportedBy } from './reported-by.ts'
import { sentenceOf } from './sentence.ts'
import type { SentencePart } from './sentence-part.ts'

/** What the members of a space see of an action: not from where, with what, or in which words it was asked for. */
export type ActivityRow = {
  seq: string
  id: string
  at: string
  told: SentencePart[]
  failure: string | null
  /** Whether it happened past the gateway, as the cluster’s own audit reported it. */
  around: boolean
  /** Whose word it is, where Spaceport didn’t see it itself. */
  reported: string | null
  outcome: AuditRow['outcome']
}

/** A page of a space's activity. `before`: the `seq` that it starts after; null: the newest. */
export type ActivityData = { before: string | null; rows: ActivityRow[]; next: string | null }

/** @returns a page of a space's trail with only what its members see, because the browser gets it as data */
export const toActivityData = ({ rows, next, names }: AuditPage, before: string | undefined): ActivityData => ({
  before: before ?? null,
  rows: rows.map((row) => ({
    seq: row.seq,
    id: row.id,
    at: row.at.toISOString(),
    told: sentenceOf(row, { names, within: row.spaceId ?? undefined, full: false }),
    failure: failureInWords(row),
    around: row.route === 'around',
    reported: reportedBy(row),
    outcome: row.outcome,
  })),
  next,
})
