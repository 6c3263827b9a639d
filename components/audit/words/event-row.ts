import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { clusterRefusalIn } from '#lib/features/audit/model/cluster-refusal.ts'
import type { EventContext } from './event-words.ts'
import { failureInWords } from './reason-words.ts'
import { reportedBy } from './reported-by.ts'
import { sentenceOf } from './sentence.ts'
import type { SentencePart } from './sentence-part.ts'

/**
 * An action of the trail as data for the browser. The server writes the sentence, because the texts for all actions are
 * large.
 */
export type EventRow = {
  seq: string
  id: string
  at: string
  told: SentencePart[]
  failure: string | null
  /** The quota resources that were used up, if that is why it failed. */
  usedUp: readonly string[]
  /** Whether it bypassed the gateway, as reported by the cluster’s audit log. */
  around: boolean
  /** Who reported it, if Spaceport didn’t observe it. */
  reported: string | null
  outcome: AuditRow['outcome']
}

/** @returns an action without its address, client or command, which not every reader may see */
export const toEventRow = (row: AuditRow, context: EventContext): EventRow => ({
  seq: row.seq,
  id: row.id,
  at: row.at.toISOString(),
  told: sentenceOf(row, context),
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
