import { z } from 'zod'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { compareFences } from '#lib/kube/fences/compare-fences.ts'
import { fenceProofs } from '#lib/kube/fences/fence-proofs.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { readShippedFences } from '#lib/kube/fences/shipped-fences.ts'
import { asServiceAccount } from './as-service-account.ts'
import type { Area } from './check.ts'
import { bad, type Finding, good } from './finding.ts'
import { once } from './once.ts'

const remedy =
  'kubectl apply --server-side -f deploy/cluster-chart/templates/60-fences.yaml -f deploy/cluster-chart/templates/70-fence-proof.yaml (docs/own-cluster.md, 1)'

/**
 * Checks that the admission policies are this version's, and that they refuse what they must. A changed fence has one
 * finding, which also names what it no longer refuses.
 */
export function fences(cluster: Cluster): Area {
  const comparing = once(() => compareFences(cluster))
  const proving = once(() => prove(cluster))
  return {
    title: 'Fences',
    checks: [
      {
        about: 'Comparing the admission policies',
        remedy: 'let this login read ValidatingAdmissionPolicies',
        limitMs: 20_000,
        run: async () => {
          const changed = await comparing()
          if (changed.length > 0) {
            const names = new Set(changed.map(({ policy }) => policy))
            const unenforced = await proving().catch(() => [])
            return byFence([...changed, ...unenforced.filter(({ policy }) => names.has(policy))])
          }
          return good(
            `Admission policies and their bindings: ${(await readShippedFences()).length}, as this version ships them`,
          )
        },
      },
      {
        about: 'Proving the fences by dry runs',
        remedy: 'let this login impersonate ServiceAccounts, as a cluster admin may',
        limitMs: 20_000,
        run: async () => {
          const unenforced = await proving()
          const changed = new Set((await comparing().catch(() => [])).map(({ policy }) => policy))
          if (unenforced.length > 0) return byFence(unenforced.filter(({ policy }) => !changed.has(policy)))
          return good(
            `Fences in force: each of ${fenceProofs.length} dry runs was refused by the sentence that must refuse it`,
          )
        },
      },
    ],
  }
}

async function prove(cluster: Cluster): Promise<FenceFault[]> {
  const broker = asServiceAccount(cluster, 'spaceport-broker')
  // A dry run refused for a missing right of the login proves nothing about the fences.
  await request(broker, { method: 'GET', path: '/version' }, z.unknown())
  return await listFenceFaults(broker, cluster)
}

const byFence = (faults: readonly FenceFault[]): Finding[] =>
  [...Map.groupBy(faults, ({ policy }) => policy)].map(([policy, its]) =>
    bad(`Fence ${policy}: ${its.map(({ fault }) => fault).join('; ')}`, remedy),
  )
