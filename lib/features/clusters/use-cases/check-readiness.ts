import { readClusterState, readSchemaState } from '#lib/features/clusters/db/cluster-state.ts'
import { describeFaults } from '#lib/features/clusters/model/fence-fault.ts'
import { fenceStateOf } from '#lib/features/clusters/model/fence-state.ts'
import { PoolerFault } from '#lib/kernel/db/pooler-fault.ts'
import { clusterPart, fencesPart, noAnswer, ok, type Readiness } from '#lib/kernel/model/readiness.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'

const maxWaitMs = 3_000

type Checks = Readonly<Record<string, () => Promise<string>>>

/**
 * @param more additional parts by name, each with its state
 * @param needs the parts without which the process isn't ready. Never a cluster: one unreachable cluster would take
 * every process, and with them all other clusters, out of rotation
 * @returns the state of each part: the database, the clusters, their fences and `more`
 */
export async function checkReadiness(
  { db, pool, pooler, clusters, clock }: Pick<Services, 'db' | 'pool' | 'pooler' | 'clusters' | 'clock'>,
  more: Checks = {},
  needs: readonly string[] = ['database'],
): Promise<Readiness> {
  const checks: Checks = {
    async database() {
      const fault = pooler?.fault()
      if (fault !== undefined) return fault
      const { migrated, unfinished } = await readSchemaState(db)
      if (migrated) return ok
      return unfinished.length > 0
        ? `a migration is not finished: ${unfinished.join(', ')}`
        : 'the schema is missing: run npm run db:migrate'
    },
    ...Object.fromEntries(
      clusters.names.flatMap((name) => [
        [clusterPart(name), () => pingCluster(clusters.get(name)).then(() => ok)],
        [fencesPart(name), () => describeFences({ pool, clock }, name)],
      ]),
    ),
    ...more,
  }
  const words = Object.entries(checks).map(async ([name, check]) => [name, await probe(check)] as const)
  const parts: Record<string, string> = Object.fromEntries(await Promise.all(words))
  return { ready: needs.every((name) => parts[name] === ok), parts }
}

/** Never shows the error itself: it may name hosts and users. */
export const failureInWords = (error: unknown): string => (error instanceof PoolerFault ? error.words : noAnswer)

const probe = (check: () => Promise<string>): Promise<string> =>
  withDeadline(check().catch(failureInWords), maxWaitMs, () => noAnswer)

/** @returns the state of a cluster's admission policies: `ok`, or what is wrong */
async function describeFences({ pool, clock }: Pick<Services, 'pool' | 'clock'>, cluster: string): Promise<string> {
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
