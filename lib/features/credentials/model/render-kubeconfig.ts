/** The input of a kubeconfig. The file is YAML; JSON is a subset of YAML and needs no escaping rules of our own. */
export type KubeconfigParts = {
  /** The gateway's URL, without a trailing slash. */
  gatewayUrl: string
  /** PEM; empty when the gateway's certificate is publicly trusted. */
  ca: string
  handle: string
  token: string
  /** One context each; the first is the current one. */
  spaces: readonly { cluster: string; name: string; namespace: string }[]
}

/** A context's name, unlikely to clash with the person's existing ones. */
export const contextName = (cluster: string, space: string): string => `spaceport-${cluster}-${space}`

/**
 * Renders a kubeconfig (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/): each space is a context with
 * its namespace as the default, so plain kubectl works in it.
 */
export function renderKubeconfig({ gatewayUrl, ca, handle, token, spaces }: KubeconfigParts): string {
  const clusters = [...new Set(spaces.map(({ cluster }) => cluster))]
  const user = `spaceport-${handle}`
  const first = spaces[0]
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map((name) => ({
      name: `spaceport-${name}`,
      cluster: {
        server: `${gatewayUrl}/clusters/${name}`,
        ...(ca !== '' && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      },
    })),
    users: [{ name: user, user: { token } }],
    contexts: spaces.map(({ cluster, name, namespace }) => ({
      name: contextName(cluster, name),
      context: { cluster: `spaceport-${cluster}`, namespace, user },
    })),
    'current-context': first ? contextName(first.cluster, first.name) : '',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
