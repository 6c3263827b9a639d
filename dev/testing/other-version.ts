import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request as askHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Clusters, connectClusters } from '#lib/kube/cluster.ts'

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({ cluster: z.looseObject({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
})

/** A cluster whose API server says that it is of another version; everything else is the real one’s answer. */
export async function connectAsVersion(
  brokerKubeconfig: string,
  gitVersion: string,
): Promise<{ clusters: Clusters; close(): Promise<void> }> {
  const { clusters: described, ...rest } = kubeconfigSchema.parse(parse(readFileSync(brokerKubeconfig, 'utf8')))
  const [{ cluster, ...named }] = described
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64')
  const server = createServer((request, response) => {
    if (request.url === '/version') return response.end(JSON.stringify({ gitVersion }))
    const { method, headers, url = '' } = request
    const asked = askHttps(new URL(url, cluster.server), { method, headers, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    return request.pipe(asked)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const kubeconfig = `${brokerKubeconfig}.${gitVersion}`
  const changed = { ...rest, clusters: [{ ...named, cluster: { server: url } }] }
  writeFileSync(kubeconfig, JSON.stringify(changed), { mode: 0o600 })
  const clusters = connectClusters({ kubeconfig, clusters: [] })
  return {
    clusters,
    async close() {
      await clusters.close()
      server.closeAllConnections()
      server.close()
      rmSync(kubeconfig, { force: true })
    },
  }
}
