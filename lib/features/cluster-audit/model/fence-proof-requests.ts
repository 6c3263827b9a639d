import { proofNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'

/** `asNobody`: as the ServiceAccount `spaceport-fence-proof`, instead of as the broker. `name`: of what is changed. */
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
 * Which requests prove the fences, all of them dry runs. They are left out of what a cluster's audit reports, so this holds
 * no more than lib/kube/fences/fence-proofs.ts sends; a test compares the two.
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
