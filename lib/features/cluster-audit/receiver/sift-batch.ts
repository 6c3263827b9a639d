import { type DropReason, type Judged, judge } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'

export type Considered = { event: ClusterEvent; judged: Judged }

/** What is left of a batch once its events were judged by themselves: for most of them, a count. */
export type Sifted = {
  considered: readonly Considered[]
  dropped: ReadonlyMap<DropReason, number>
  /** Items that are no events. */
  malformed: number
  /** When the latest request was (ISO 8601, UTC); null: the batch is empty. */
  latest: string | null
}

/**
 * @param events null: an item that is none
 * @param ignored the operator’s own controllers: names of users and of groups
 */
export function siftBatch(events: Iterable<ClusterEvent | null>, ignored: ReadonlySet<string>): Sifted {
  const considered: Considered[] = []
  const dropped = new Map<DropReason, number>()
  let latest: string | null = null
  let malformed = 0
  for (const event of events) {
    if (event === null) {
      malformed++
      continue
    }
    if (latest === null || event.at > latest) latest = event.at
    const judged = judge(event, ignored)
    const isNeeded = typeof judged.keep !== 'string' || judged.ifIssued !== null
    if (!isNeeded && typeof judged.keep === 'string') dropped.set(judged.keep, (dropped.get(judged.keep) ?? 0) + 1)
    const isSeen = judged.namespace !== '' && (judged.sighted || judged.sightedIfIssued)
    if (isNeeded || isSeen) considered.push({ event, judged })
  }
  return { considered, dropped, malformed, latest }
}
