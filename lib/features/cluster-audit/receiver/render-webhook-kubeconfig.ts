type Parts = {
  /** Of the receiving worker, without a path. */
  url: string
  /** PEM; empty if the certificate is publicly trusted. */
  ca: string
  cluster: string
  token: string
}

/**
 * Renders the file for `--audit-webhook-config-file`
 * (https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#webhook-backend). JSON is a subset of YAML.
 */
export function renderWebhookKubeconfig({ url, ca, cluster, token }: Parts): string {
  const name = 'spaceport'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: `${url}/clusters/${cluster}/audit`,
          ...(ca !== '' && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
        },
      },
    ],
    users: [{ name, user: { token } }],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
