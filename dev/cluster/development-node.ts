import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Api, withAdminApi } from './admin-api.ts'

const name = 'development-node'
const path = `/api/v1/nodes/${name}`
const statusSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() }).optional(),
  spec: z.object({ taints: z.array(z.unknown()).optional() }).optional(),
})

/**
 * Writes the Node object that kwok simulates and the scheduler places pods on.
 * @param kubeletPort the kubelet's current port; kwok itself would take minutes to correct it
 */
export async function applyNode(api: Api, kubeletPort: number): Promise<void> {
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' }
  // kwok simulates all nodes at one address: this tells metrics-server where this one’s usage is.
  const annotations = { 'metrics.k8s.io/resource-metrics-path': `/metrics/nodes/${name}/metrics/resource` }
  const status = { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } }
  await withAdminApi(api, async ({ apply, merge }) => {
    await apply(path, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels, annotations } })
    await merge(`${path}/status`, { status })
  })
}

/** Waits until the node is ready and untainted, so that pods can run. */
export async function waitForNode(api: Api, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs
  await withAdminApi(api, async ({ get }) => {
    for (;;) {
      const { status, spec } = await get(path, statusSchema)
      const ready = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True')
      if (ready && !spec?.taints?.length) return
      if (Date.now() > end) throw new Error(`The node did not become ready within ${timeoutMs / 1000} s.`)
      await delay(50)
    }
  })
}
