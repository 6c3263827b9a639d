/** The kinds of the Configuration page, in its order. */
export const configurationKinds = ['Service', 'Ingress', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'] as const
export type ConfigurationKind = (typeof configurationKinds)[number]

/** Kinds that every role reads. */
export const openKinds = ['Service', 'Ingress', 'ConfigMap', 'PersistentVolumeClaim'] as const
export type OpenKind = (typeof openKinds)[number]

const collections: Readonly<Record<ConfigurationKind, { root: string; resource: string }>> = {
  Service: { root: '/api/v1', resource: 'services' },
  Ingress: { root: '/apis/networking.k8s.io/v1', resource: 'ingresses' },
  ConfigMap: { root: '/api/v1', resource: 'configmaps' },
  Secret: { root: '/api/v1', resource: 'secrets' },
  PersistentVolumeClaim: { root: '/api/v1', resource: 'persistentvolumeclaims' },
}

/** @returns the kind’s name in kubectl’s commands and in rules of roles: `services` */
export const resourceOfKind = (kind: ConfigurationKind): string => collections[kind].resource

/** @returns `/api/v1/namespaces/x/services` */
export function configurationPath(namespace: string, kind: ConfigurationKind): string {
  const { root, resource } = collections[kind]
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`
}
