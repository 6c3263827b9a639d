import { proofNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'

/**
 * `asNobody`: as the ServiceAccount `spaceport-fence-proof`, instead of as the broker. `name`: of the changed object.
 */
export type FenceProofRequest = {
  asNobody: boolean
  verb: 'create' | 'patch'
  group: string
  resource: string
  namespace: string
  name: string
}

const create = (asNobody: boolean, namespace: string, resource: string, group = ''): FenceProofRequest => ({
  ...{ asNobody, verb: 'create', group, resource, namespace, name: '' },
})
const patch = (asNobody: boolean, namespace: string, resource: string, name: string): FenceProofRequest => ({
  ...{ asNobody, verb: 'patch', group: '', resource, namespace, name },
})
const networking = 'networking.k8s.io'
const rbac = 'rbac.authorization.k8s.io'

/**
 * The requests that prove the fences, all of them dry runs. Events for them aren't recorded, so this must list exactly
 * what lib/kube/fences/fence-proofs.ts sends. A test compares the two.
 */
export const fenceProofRequests: readonly FenceProofRequest[] = [
  create(false, '', 'namespaces'),
  patch(false, usersNamespace, 'namespaces', usersNamespace),
  patch(false, proofNamespace, 'namespaces', proofNamespace),
  patch(false, proofNamespace, 'resourcequotas', 'nothing'),
  create(false, proofNamespace, 'leases', 'coordination.k8s.io'),
  create(false, proofNamespace, 'networkpolicies', networking),
  create(false, proofNamespace, 'rolebindings', rbac),
  create(false, usersNamespace, 'serviceaccounts'),
  patch(true, proofNamespace, 'namespaces', proofNamespace),
  create(true, proofNamespace, 'pods'),
  create(true, proofNamespace, 'services'),
  create(true, proofNamespace, 'networkpolicies', networking),
  create(true, proofNamespace, 'ingresses', networking),
  create(true, proofNamespace, 'rolebindings', rbac),
  create(true, usersNamespace, 'secrets'),
  create(true, usersNamespace, 'serviceaccounts'),
]
