import type { Services } from '#lib/broker/use-case/context.ts'
import { readClusterState } from '#lib/db/read-cluster-state.ts'

/** The worker proves them every minute. */
const maxProofAgeMs = 5 * 60_000

/** @returns what is known of a cluster's admission policies: `ok`, or what is wrong, in words */
export async function describeFences(
  { pool, clock }: Pick<Services, 'pool' | 'clock'>,
  cluster: string,
): Promise<string> {
  const { faults, provedAt } = await readClusterState(pool, cluster)
  if (faults.length > 0) return `not in force: ${[...new Set(faults.map(({ policy }) => policy))].join(', ')}`
  if (!provedAt) return 'not proved yet; the worker does so once a minute'
  if (clock().getTime() - provedAt.getTime() <= maxProofAgeMs) return 'ok'
  return `not proved since ${provedAt.toISOString()}; the worker does so once a minute`
}
