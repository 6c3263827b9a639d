import { readFileSync } from 'node:fs'
import { Client } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }),
  ]),
})

const contentTypes = { PATCH: 'application/merge-patch+json', POST: 'application/json' }
type Sent = keyof typeof contentTypes

/** One connection to an API server, as the cluster’s admin. */
export type AdminClient = {
  /** @returns status and parsed body, whatever the status */
  call(method: 'GET' | 'DELETE' | Sent, path: string, sent?: object): Promise<{ status: number; body: unknown }>
  close(): Promise<void>
}

/** @param kubeconfig with a client certificate */
export function openAdminClient(kubeconfig: string): AdminClient {
  const config = kubeconfigSchema.parse(parse(readFileSync(kubeconfig, 'utf8')))
  const [{ cluster }] = config.clusters
  const [{ user }] = config.users
  const pem = (data: string) => Buffer.from(data, 'base64').toString('utf8')
  const client = new Client(cluster.server, {
    connect: {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    },
    pipelining: 1,
    allowH2: false,
  })
  return {
    async call(method, path, sent) {
      const answer = await client.request({
        method,
        path,
        headers: {
          accept: 'application/json',
          ...((method === 'PATCH' || method === 'POST') && { 'content-type': contentTypes[method] }),
        },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      })
      return { status: answer.statusCode, body: await answer.body.json() }
    },
    close: () => client.close(),
  }
}
