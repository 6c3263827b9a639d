import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'

/** Each object carries Spaceport's label. */
export const managedKinds = [
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', resource: 'rolebindings' },
  { apiVersion: 'v1', kind: 'ResourceQuota', resource: 'resourcequotas' },
  { apiVersion: 'v1', kind: 'LimitRange', resource: 'limitranges' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', resource: 'networkpolicies' },
] as const

export const managedSelector = `${labels.managedBy}=spaceport`
