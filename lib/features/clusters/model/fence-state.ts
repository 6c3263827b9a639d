/** The worker proves them every minute. */
const maxProofAgeMs = 5 * 60_000

/** `late`: not proved lately, for example because the cluster or the worker is down; `unproved`: not yet. */
export type FenceState = 'ok' | 'faulty' | 'late' | 'unproved'

/**
 * @param found by the worker: the number of faults in a cluster's admission policies, and when they were last proved to
 * have none
 * @returns the state of the policies
 */
export function fenceStateOf({ faults, provedAt }: { faults: number; provedAt: Date | null }, now: Date): FenceState {
  if (faults > 0) return 'faulty'
  if (!provedAt) return 'unproved'
  return now.getTime() - provedAt.getTime() <= maxProofAgeMs ? 'ok' : 'late'
}
