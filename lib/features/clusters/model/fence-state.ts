/** The worker proves them every minute. */
const maxProofAgeMs = 5 * 60_000

/** `late`: not proved lately, as when the cluster or the worker is away; `unproved`: not yet. */
export type FenceState = 'ok' | 'faulty' | 'late' | 'unproved'

/**
 * @param found by the worker: how many faults a cluster's admission policies have, and when they were last proved to have none
 * @returns what is to be said of them
 */
export function fenceStateOf({ faults, provedAt }: { faults: number; provedAt: Date | null }, now: Date): FenceState {
  if (faults > 0) return 'faulty'
  if (!provedAt) return 'unproved'
  return now.getTime() - provedAt.getTime() <= maxProofAgeMs ? 'ok' : 'late'
}
