import { z } from 'zod'
import { labels, usersNamespace } from '#lib/domain/cluster-names.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Cluster } from './cluster.ts'
import { type KubeRequest, Refusal, request } from './request.ts'

/** No policy exempts the broker for an object of this name, so that the fences for everybody else are provable by it. */
const name = 'spaceport-fence-proof'
const ours = { [labels.managedBy]: 'spaceport', [labels.spaceId]: name, [labels.space]: name }

/** What each policy of deploy/manifests must refuse to the broker though its Roles allow it. */
const proofs: readonly { policy: string; path: string; body: unknown }[] = [
  {
    policy: 'spaceport-broker',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  },
  {
    policy: 'spaceport-labels',
    path: '/api/v1/namespaces',
    body: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { ...ours, 'pod-security.kubernetes.io/enforce': 'baseline' } },
    },
  },
  {
    policy: 'spaceport-managed',
    path: `/api/v1/namespaces/${usersNamespace}/serviceaccounts`,
    body: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, labels: ours },
      automountServiceAccountToken: false,
    },
  },
]

/**
 * Proves that the admission policies are in force: dry runs, as whoever we are, which each of them must refuse.
 * A policy without a binding, and a binding without a policy, allow silently, so nothing less would do.
 * @throws AppError fences_missing naming the policies in its detail; cluster_* when the cluster can't be asked
 */
export async function proveFences(cluster: Cluster): Promise<void> {
  const results = await Promise.all(
    proofs.map(async (proof) => ({ policy: proof.policy, holds: await isRefused(cluster, proof) })),
  )
  const missing = results.filter(({ holds }) => !holds).map(({ policy }) => policy)
  if (missing.length > 0)
    throw new AppError('fences_missing', { detail: `cluster ${cluster.name} lacks ${missing.join(', ')}` })
}

async function isRefused(cluster: Cluster, proof: (typeof proofs)[number]): Promise<boolean> {
  const asked: KubeRequest = { method: 'POST', path: proof.path, query: { dryRun: 'All' }, body: proof.body }
  try {
    await request(cluster, asked, z.unknown())
    return false
  } catch (error) {
    if (!(error instanceof Refusal) || error.httpStatus >= 500 || error.httpStatus === 429) throw error
    // Refused by a missing right, or by something else, proves nothing.
    return error.statusMessage.includes(`ValidatingAdmissionPolicy '${proof.policy}'`)
  }
}
