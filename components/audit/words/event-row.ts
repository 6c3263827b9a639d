import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { clusterRefusalIn } from '#lib/features/audit/model/cluster-refusal.ts'
import type { Teller } from './event-words.ts'
import { failureInWords } from './reason-words.ts'
import { reportedBy } from './reported-by.ts'
import { sentenceOf } from './sentence.ts'
import type { SentencePart } from './sentence-part.ts'

/**
 * An action of the trail as data for the browser: told by the server, because the words for all actions are heavy. Times
 * are text, as JSON has them.
 */
export type ToldRow = {
  seq: string
  id: string
  at: string
  told: SentencePart[]
  failure: string | null
  /** What of the quota was used up, if that is why it failed. */
  usedUp: readonly string[]
  /** Whether it happened past the gateway, as the cluster’s own audit reported it. */
  around: boolean
  /** Whose word it is, where Spaceport didn’t see it itself. */
  reported: string | null
  outcome: AuditRow['outcome']
}

/** @returns what a reader sees of an action: not from where, with what, or in which words it was asked for */
export const toToldRow = (row: AuditRow, teller: Teller): ToldRow => ({
  seq: row.seq,
  id: row.id,
  at: row.at.toISOString(),
  told: sentenceOf(row, teller),
  failure: failureInWords(row),
  usedUp: usedUpIn(row),
  around: row.route === 'around',
  reported: reportedBy(row),
  outcome: row.outcome,
})

function usedUpIn({ detail }: AuditRow): readonly string[] {
  const refusal = clusterRefusalIn(detail)
  return refusal?.kind === 'quota' ? (refusal.of ?? []) : []
}
