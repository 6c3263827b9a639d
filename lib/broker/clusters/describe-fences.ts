import type { Services } from '#lib/broker/use-case/context.ts'
import { readClusterState } from '#lib/db/read-cluster-state.ts'
import { describeFaults } from '#lib/domain/fence-fault.ts'
import { fenceStateOf } from '#lib/domain/fence-state.ts'

/** @returns what is known of a cluster's admission policies: `ok`, or what is wrong, in words */
export async function describeFences(
  { pool, clock }: Pick<Services, 'pool' | 'clock'>,
  cluster: string,
): Promise<string> {
  const { faults, provedAt } = await readClusterState(pool, cluster)
  switch (fenceStateOf({ faults: faults.length, provedAt }, clock())) {
    case 'faulty':
      return describeFaults(faults)
    case 'unproved':
      return 'not proved yet; the worker does so once a minute'
    case 'late':
      return `not proved since ${provedAt?.toISOString()}; the worker does so once a minute`
    case 'ok':
      return 'ok'
  }
}
