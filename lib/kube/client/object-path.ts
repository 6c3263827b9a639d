import type { ObjectRef } from '#lib/kernel/model/spaces/manifest.ts'

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ResourceQuota: 'resourcequotas',
  LimitRange: 'limitranges',
  NetworkPolicy: 'networkpolicies',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  RuntimeClass: 'runtimeclasses',
  CustomResourceDefinition: 'customresourcedefinitions',
  Space: 'spaces',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
}

/** @returns `/apis/apps/v1/namespaces/x/deployments`; without a namespace, across all of them */
export function collectionPath(apiVersion: string, resource: string, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`
}

/** @throws Error for a kind that Spaceport does not write */
export function objectPath(ref: ObjectRef): string {
  const plural = plurals[ref.kind]
  if (!plural) throw new Error(`Spaceport does not write objects of kind ${ref.kind}.`)
  return `${collectionPath(ref.apiVersion, plural, ref.namespace)}/${encodeURIComponent(ref.name)}`
}
