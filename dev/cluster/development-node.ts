import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import type { Trust } from './wait-for-health.ts'

type Api = Trust & { serverUrl: string }

const name = 'development-node'
const statusSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() }).optional(),
  spec: z.object({ taints: z.array(z.unknown()).optional() }).optional(),
})

/**
 * Writes the Node object that kwok plays and the scheduler places pods on.
 * @param kubeletPort where its kubelet listens this time; kwok itself would take minutes to correct it
 */
export async function applyNode(api: Api, kubeletPort: number): Promise<void> {
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' }
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }
  const status = { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } }
  const dispatcher = agentOf(api)
  const patch = async (path: string, contentType: string, body: object) => {
    const response = await request(`${api.serverUrl}/api/v1/nodes/${name}${path}`, {
      method: 'PATCH',
      dispatcher,
      headers: { 'content-type': contentType },
      body: JSON.stringify(body),
    })
    const text = await response.body.text()
    if (response.statusCode >= 300) throw new Error(`The node could not be written: ${response.statusCode} ${text}`)
  }
  try {
    await patch('?fieldManager=spaceport-install&force=true', 'application/apply-patch+yaml', node)
    await patch('/status', 'application/merge-patch+json', { status })
  } finally {
    await dispatcher.close()
  }
}

/** Waits until the node is ready and untainted: from then on pods run. */
export async function waitForNode(api: Api, timeoutMs: number): Promise<void> {
  const dispatcher = agentOf(api)
  const end = Date.now() + timeoutMs
  try {
    for (;;) {
      const response = await request(`${api.serverUrl}/api/v1/nodes/${name}`, { dispatcher })
      const { status, spec } = statusSchema.parse(await response.body.json())
      const ready = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True')
      if (ready && !spec?.taints?.length) return
      if (Date.now() > end) throw new Error(`The node did not become ready within ${timeoutMs / 1000} s.`)
      await delay(50)
    }
  } finally {
    await dispatcher.close()
  }
}

const agentOf = ({ ca, client }: Trust) => new Agent({ connect: { ca, ...client } })
