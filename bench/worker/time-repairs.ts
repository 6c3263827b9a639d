import { openAdminClient } from '#bench/cluster/admin-client.ts'

const timeoutMs = 30_000

/** Objects to patch, or to delete. */
const damages: readonly { path: (namespace: string) => string; patch?: object }[] = [
  {
    path: (namespace: string) =>
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/spaceport-isolation`,
  },
  {
    path: (namespace: string) => `/api/v1/namespaces/${namespace}/resourcequotas/spaceport`,
    patch: { spec: { hard: { pods: '1' } } },
  },
  { path: (namespace: string) => `/api/v1/namespaces/${namespace}/limitranges/spaceport` },
]

/**
 * Damages one object of each space, and waits until it is restored.
 * @returns the duration of each, in milliseconds
 */
export async function timeRepairs(kubeconfig: string, namespaces: readonly string[]): Promise<number[]> {
  const client = openAdminClient(kubeconfig)
  const times: number[] = []
  try {
    for (const [at, namespace] of namespaces.entries()) {
      const { path: pathIn, patch } = damages[at % damages.length] ?? { path: () => '' }
      const path = pathIn(namespace)
      const spec = async () => {
        const { status, body } = await client.call('GET', path)
        return status === 200 && typeof body === 'object' && body !== null && 'spec' in body
          ? JSON.stringify(body.spec)
          : undefined
      }
      const before = await spec()
      if (before === undefined) throw new Error(`${path} is missing`)
      const { status } =
        patch === undefined ? await client.call('DELETE', path) : await client.call('PATCH', path, patch)
      if (status !== 200) throw new Error(`${path} could not be broken: ${status}`)
      const brokenAt = performance.now()
      while ((await spec()) !== before) {
        if (performance.now() - brokenAt > timeoutMs) throw new Error(`${path} was not repaired within 30 s`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      times.push(performance.now() - brokenAt)
    }
    return times
  } finally {
    await client.close()
  }
}
