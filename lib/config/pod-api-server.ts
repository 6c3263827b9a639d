import { isIPv6 } from 'node:net'

/**
 * @returns the API server's URL from the variables that Kubernetes sets in pods; undefined outside of a cluster
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export function podApiServer(environment: Readonly<Record<string, string | undefined>> = process.env) {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment
  return host && port ? `https://${isIPv6(host) ? `[${host}]` : host}:${port}` : undefined
}
