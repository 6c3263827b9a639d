import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as askHttps, createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({ cluster: z.looseObject({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
})

/**
 * Answers a request instead of the API server.
 * @returns whether it did, now or later
 */
export type Instead = (request: IncomingMessage, response: ServerResponse) => boolean

type Options = {
  instead?: Instead
  /** Speaks TLS, with a certificate signed by this file’s authority. */
  tls?: { cert: string; key: string; caFile: string }
}

/**
 * The real API server behind a proxy that answers some requests itself, to simulate failures.
 * @param brokerKubeconfig with a token and one cluster
 * @returns clusters as the broker, whose only one is behind it
 */
export async function startApiServerProxy(brokerKubeconfig: string, { instead = () => false, tls }: Options = {}) {
  const { clusters: described, ...rest } = kubeconfigSchema.parse(parse(readFileSync(brokerKubeconfig, 'utf8')))
  const [{ cluster, ...named }] = described
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64')
  let answers = instead
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    if (answers(request, response)) return
    const { method, headers, url = '' } = request
    const asked = askHttps(new URL(url, cluster.server), { method, headers, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    asked.on('error', () => response.destroy())
    response.on('close', () => asked.destroy())
    request.pipe(asked)
  }
  const server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }, pass) : createPlainServer(pass)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const kubeconfig = `${brokerKubeconfig}.${port}`
  const reached = {
    server: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    ...(tls && { 'certificate-authority': tls.caFile }),
  }
  writeFileSync(kubeconfig, JSON.stringify({ ...rest, clusters: [{ ...named, cluster: reached }] }), { mode: 0o600 })
  const clusters: Clusters = connectClusters({ kubeconfig, clusters: [] })
  return {
    clusters,
    /** From now on. */
    answer(changed: Instead) {
      answers = changed
    },
    /** Shows another certificate to new connections, and cuts the old ones. */
    useCertificate(changed: { cert: string; key: string }) {
      if ('setSecureContext' in server) server.setSecureContext(changed)
      server.closeAllConnections()
    },
    async close() {
      await clusters.close()
      server.closeAllConnections()
      server.close()
      rmSync(kubeconfig, { force: true })
    },
  }
}
