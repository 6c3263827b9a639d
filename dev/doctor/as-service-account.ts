import type { Cluster } from '#lib/kube/client/cluster.ts'

export const systemNamespace = 'spaceport-system'

/** @returns the user name of a ServiceAccount of `spaceport-system` */
export const serviceAccountUser = (name: string) => `system:serviceaccount:${systemNamespace}:${name}`

/**
 * @returns the cluster as a ServiceAccount of `spaceport-system` sees it, through the admin's right to impersonate it
 */
export const asServiceAccount = (cluster: Cluster, name: string): Cluster => ({
  ...cluster,
  connection: {
    ...cluster.connection,
    async credentials(purpose, signal) {
      const { dispatcher, headers } = await cluster.connection.credentials(purpose, signal)
      return { dispatcher, headers: { ...headers, 'Impersonate-User': serviceAccountUser(name) } }
    },
  },
})
