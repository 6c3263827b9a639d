import { readClusterState } from '#lib/features/clusters/db/cluster-state.ts'
import { describeFaults } from '#lib/features/clusters/model/fence-fault.ts'
import { fenceStateOf } from '#lib/features/clusters/model/fence-state.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'

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
