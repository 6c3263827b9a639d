import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openAdminClient } from '#bench/cluster/admin-client.ts'

/** Files with the upstream's answers. */
export type Answers = { object: string; list: string }

const listed = 10_000

const namespaceSchema = z.looseObject({ metadata: z.looseObject({ name: z.string(), uid: z.string() }) })

/** Gets one namespace from the real API server, and builds an answer of about 1 kB and a list of 10,000 from it. */
export async function writeAnswers(adminKubeconfig: string, dir: string, namespace: string): Promise<Answers> {
  const admin = openAdminClient(adminKubeconfig)
  const answer = await admin.call('GET', `/api/v1/namespaces/${namespace}`)
  await admin.close()
  const object = namespaceSchema.parse(answer.body)

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
