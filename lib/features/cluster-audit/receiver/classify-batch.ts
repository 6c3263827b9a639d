import { type Classification, classifyEvent, type DropReason } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'

export type CandidateEvent = { event: ClusterEvent; classification: Classification }

/** A batch after its events were classified. Most of them are only counted. */
export type ClassifiedBatch = {
  considered: readonly CandidateEvent[]
  dropped: ReadonlyMap<DropReason, number>
  /** The number of invalid items. */
  malformed: number
  /** The time of the latest request (ISO 8601, UTC); null: the batch is empty. */
  latest: string | null
}

/**
 * @param events null: an invalid item
 * @param ignored the operator’s own controllers: names of users and groups
 */
export function classifyBatch(events: Iterable<ClusterEvent | null>, ignored: ReadonlySet<string>): ClassifiedBatch {
  const considered: CandidateEvent[] = []
  const dropped = new Map<DropReason, number>()
  let latest: string | null = null
  let malformed = 0
  for (const event of events) {
    if (event === null) {
      malformed++
      continue
    }
    if (latest === null || event.at > latest) latest = event.at
    const classification = classifyEvent(event, ignored)
    const isNeeded = typeof classification.keep !== 'string' || classification.ifIssued !== null
    if (!isNeeded && typeof classification.keep === 'string')
      dropped.set(classification.keep, (dropped.get(classification.keep) ?? 0) + 1)
    const isSeen =
      classification.namespace !== '' && (classification.isDirectAccess || classification.isDirectAccessIfIssued)
    if (isNeeded || isSeen) considered.push({ event, classification })
  }
  return { considered, dropped, malformed, latest }
}
