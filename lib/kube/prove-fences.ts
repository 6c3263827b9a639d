import { z } from 'zod'
import { labels, usersNamespace } from '#lib/domain/cluster-names.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Cluster } from './cluster.ts'
import { type AsPerson, type KubeRequest, Refusal, request } from './request.ts'

/** In the fence that it is for, no exemption of the broker reaches an object of such a name (deploy/manifests). */
const name = 'spaceport-fence-proof'
const ours = { [labels.managedBy]: 'spaceport', [labels.spaceId]: name, [labels.space]: name }
/** A person whom nobody is. The broker has no right on Secrets; this one may make some among people, and nothing else. */
const nobody: AsPerson = { handle: name, email: name }

type Proof = { policy: string; path: string; body: unknown; as?: AsPerson }

const person = (called: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: called, labels: ours },
  automountServiceAccountToken: false,
})

/** What each policy of deploy/manifests must refuse though the Roles of who asks allow it. */
const everywhere: readonly Proof[] = [
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
    body: person(name),
  },
  {
    policy: 'spaceport-tokens',
    path: `/api/v1/namespaces/${usersNamespace}/secrets`,
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': name } },
    },
    as: nobody,
  },
  {
    policy: 'spaceport-identities',
    path: `/api/v1/namespaces/${usersNamespace}/serviceaccounts`,
    body: person(`${name}-identities`),
  },
]

/** The same of the policies that hold in spaces alone. */
const inSpace = (namespace: string): readonly Proof[] => [
  {
    policy: 'spaceport-bindings',
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: `${name}-bindings`, labels: ours },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'spaceport:viewer' },
      subjects: [{ kind: 'ServiceAccount', name, namespace: usersNamespace }],
    },
  },
  {
    policy: 'spaceport-reach',
    path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    body: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `${name}-reach`, labels: ours },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    },
  },
]

/**
 * Proves that the admission policies are in force: dry runs, as whoever we are, which each of them must refuse.
 * A policy without a binding, and a binding without a policy, allow silently, so nothing less would do.
 * @param space the namespace of any space; without it the two policies that hold in spaces alone are left out
 * @throws AppError fences_missing naming the policies in its detail; cluster_* and namespace_* when it can't be asked
 */
export async function proveFences(cluster: Cluster, space?: string): Promise<void> {
  const proofs = [...everywhere, ...(space === undefined ? [] : inSpace(space))]
  const results = await Promise.all(
    proofs.map(async (proof) => ({ policy: proof.policy, holds: await isRefused(cluster, proof) })),
  )
  const missing = results.filter(({ holds }) => !holds).map(({ policy }) => policy)
  if (missing.length > 0)
    throw new AppError('fences_missing', { detail: `cluster ${cluster.name} lacks ${missing.join(', ')}` })
}

async function isRefused(cluster: Cluster, { policy, as, ...proof }: Proof): Promise<boolean> {
  const asked: KubeRequest = { method: 'POST', query: { dryRun: 'All' }, ...proof, ...(as && { as }) }
  try {
    await request(cluster, asked, z.unknown())
    return false
  } catch (error) {
    if (!(error instanceof Refusal) || error.httpStatus >= 500 || error.httpStatus === 429) throw error
    if (error.code === 'namespace_terminating') throw error
    if (error.httpStatus === 404) throw new AppError('namespace_gone', { detail: proof.path, cause: error })
    // Refused by a missing right, or by something else, proves nothing.
    return error.statusMessage.includes(`ValidatingAdmissionPolicy '${policy}'`)
  }
}
