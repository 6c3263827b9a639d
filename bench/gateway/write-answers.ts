import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'

/** Files that the upstream answers with. */
export type Answers = { object: string; list: string }

const listed = 10_000

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }),
  ]),
})
const namespaceSchema = z.looseObject({ metadata: z.looseObject({ name: z.string(), uid: z.string() }) })

/** Asks the real API server for one namespace, and makes of it an answer of about 1 kB and a list of 10,000. */
export async function writeAnswers(adminKubeconfig: string, dir: string, namespace: string): Promise<Answers> {
  const config = kubeconfigSchema.parse(parse(readFileSync(adminKubeconfig, 'utf8')))
  const [{ cluster }] = config.clusters
  const [{ user }] = config.users
  const pem = (data: string) => Buffer.from(data, 'base64').toString('utf8')
  const agent = new Agent({
    connect: {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    },
  })
  const answer = await request(`${cluster.server}/api/v1/namespaces/${namespace}`, { dispatcher: agent })
  const object = namespaceSchema.parse(await answer.body.json())
  await agent.close()

  const data = { 'settings.yaml': 'x'.repeat(600) }
  const metadata = { name: 'settings', namespace, uid: object.metadata.uid, resourceVersion: '1234' }
  const items = Array.from({ length: listed }, (_, index) => {
    const digits = String(index).padStart(12, '0')
    return {
      ...object,
      metadata: { ...object.metadata, name: `bench-${digits}`, uid: object.metadata.uid.slice(0, -12) + digits },
    }
  })
  const files = { object: join(dir, 'object.json'), list: join(dir, 'list.json') }
  writeFileSync(files.object, JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata, data }))
  const list = { kind: 'NamespaceList', apiVersion: 'v1', metadata: { resourceVersion: '1234' }, items }
  writeFileSync(files.list, JSON.stringify(list))
  return files
}
