import type { ErrorCode } from './errors.ts'

/** What a cluster says, or doesn't, that is away or in trouble. It concerns all its spaces, and ends without them. */
export const clusterAway: readonly ErrorCode[] = ['cluster_unreachable', 'cluster_busy', 'cluster_failed']

/** What somebody mends with one command, and then looks whether it helped. */
const mendable: readonly ErrorCode[] = [
  'namespace_taken',
  'namespace_terminating',
  'namespace_gone',
  'cluster_conflict',
  'cluster_refused',
  'fences_missing',
  'access_not_effective',
]

const firstSeconds = 5
const maxSecondsOfRepairable = 10
const maxSeconds = 180

/**
 * How long to wait before a space is tried again: twice as long each time up to a bound, and spread over the second half
 * of that, so that many spaces that failed together don't come back together.
 * @param failures in a row, this one included
 * @param random from 0 to 1
 * @returns seconds
 */
export function retrySeconds(code: ErrorCode, failures: number, random: number): number {
  const most = mendable.includes(code) ? maxSecondsOfRepairable : maxSeconds
  return Math.min(most, firstSeconds * 2 ** (failures - 1)) * (0.5 + random / 2)
}
