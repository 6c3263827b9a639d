import { z } from 'zod'
import type { Cluster } from '#lib/kube/cluster.ts'
import { compareFences } from '#lib/kube/compare-fences.ts'
import { fenceProofs } from '#lib/kube/fence-proofs.ts'
import { listFenceFaults } from '#lib/kube/prove-fences.ts'
import { request } from '#lib/kube/request.ts'
import { readShippedFences } from '#lib/kube/shipped-fences.ts'
import { asServiceAccount } from './as-service-account.ts'
import type { Area } from './check.ts'
import { bad, good } from './finding.ts'

const remedy =
  'kubectl apply --server-side -f deploy/manifests/60-fences.yaml -f deploy/manifests/70-fence-proof.yaml (docs/own-cluster.md, 1)'

/** Whether the admission policies are those that this version ships, and really refuse what they must. */
export const fences = (cluster: Cluster): Area => ({
  title: 'Fences',
  checks: [
    {
      about: 'Comparing the admission policies',
      remedy: 'let this login read ValidatingAdmissionPolicies',
      limitMs: 20_000,
      run: async () => {
        const faults = await compareFences(cluster)
        if (faults.length > 0) return faults.map(({ policy, fault }) => bad(`Fence ${policy}: ${fault}`, remedy))
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
        // Refused for a missing right of ours, a dry run would say nothing about the fences.
        await request(asServiceAccount(cluster, 'spaceport-broker'), { method: 'GET', path: '/version' }, z.unknown())
        const faults = await listFenceFaults(asServiceAccount(cluster, 'spaceport-broker'), cluster)
        if (faults.length > 0) return faults.map(({ policy, fault }) => bad(`Fence ${policy}: ${fault}`, remedy))
        return good(
          `Fences in force: each of ${fenceProofs.length} dry runs was refused by the sentence that must refuse it`,
        )
      },
    },
  ],
})
