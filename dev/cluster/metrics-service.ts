import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Api, withAdminApi } from './admin-api.ts'

const service = { namespace: 'kube-system', name: 'metrics-server' }
const group = 'metrics.k8s.io'
const version = 'v1beta1'
const path = `/apis/apiregistration.k8s.io/v1/apiservices/${version}.${group}`

/** The name that the API server expects in the certificate. */
export const metricsServerHost = `${service.name}.${service.namespace}.svc`

const statusSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() }).optional(),
})

/**
 * Registers metrics-server for `metrics.k8s.io`, and waits until the API server sees it. Call it only once
 * metrics-server answers: while a registered API is down, namespaces can’t be deleted.
 * @param server where it listens on this machine, and the file of its certificate authority
 */
export async function registerMetrics(api: Api, server: { port: number; caFile: string }): Promise<void> {
  const caBundle = (await readFile(server.caFile)).toString('base64')
  const end = Date.now() + 30_000
  await withAdminApi(api, async ({ apply, get }) => {
    // By name, because an endpoint must not be on loopback.
    await apply(`/api/v1/namespaces/${service.namespace}/services/${service.name}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: service,
      spec: { type: 'ExternalName', externalName: 'localhost' },
    })
    await apply(path, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}` },
      spec: {
        service: { ...service, port: server.port },
        ...{ group, version, caBundle, groupPriorityMinimum: 100, versionPriority: 100 },
      },
    })
    for (;;) {
      const { status } = await get(path, statusSchema)
      if (status?.conditions?.some((one) => one.type === 'Available' && one.status === 'True')) return
      if (Date.now() > end) throw new Error('The API server did not reach metrics-server within 30 s.')
      await delay(50)
    }
  })
}
