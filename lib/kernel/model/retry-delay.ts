import type { ErrorCode } from './errors.ts'

/** Failures of an unreachable or failing cluster. They affect all its spaces, and no space can fix them. */
export const clusterAway: readonly ErrorCode[] = ['cluster_unreachable', 'cluster_busy', 'cluster_failed']

/** Failures that a person fixes with one command, and then checks the result. */
const repairable: readonly ErrorCode[] = [
  'namespace_taken',
  'namespace_terminating',
  'namespace_gone',
  'cluster_conflict',
  'cluster_refused',
  'fences_missing',
  'access_not_effective',
  'limits_not_effective',
]

const firstSeconds = 5
const maxSecondsOfRepairable = 10
const maxSeconds = 180

/**
 * Computes the delay before a retry: doubled each time up to a bound, with jitter over the second half to spread spaces
 * that failed together.
 * @param failures in a row, including this one
 * @param random from 0 to 1
 * @returns seconds
 */
export function retrySeconds(code: ErrorCode, failures: number, random: number): number {
  const max = repairable.includes(code) ? maxSecondsOfRepairable : maxSeconds
  return Math.min(max, firstSeconds * 2 ** (failures - 1)) * (0.5 + random / 2)
}
