import type { ErrorCode } from './errors.ts'

/** Failures of a cluster that is unreachable or in trouble. They affect all its spaces, and no space can fix them. */
export const clusterAway: readonly ErrorCode[] = ['cluster_unreachable', 'cluster_busy', 'cluster_failed']

/** Failures that somebody fixes with one command and then checks whether it helped. */
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
 * How long to wait before a space is retried: twice as long each time up to a bound, with jitter over the second half,
 * so that spaces that failed together are not all retried together.
 * @param failures in a row, this one included
 * @param random from 0 to 1
 * @returns seconds
 */
export function retrySeconds(code: ErrorCode, failures: number, random: number): number {
  const max = repairable.includes(code) ? maxSecondsOfRepairable : maxSeconds
  return Math.min(max, firstSeconds * 2 ** (failures - 1)) * (0.5 + random / 2)
}
