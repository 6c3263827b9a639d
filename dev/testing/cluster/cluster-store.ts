import { readFile } from 'node:fs/promises'
import { Agent, fetch } from 'undici'
import { z } from 'zod'
import type { ControlPlane } from '#dev/cluster/control-plane.ts'

/** Objects by etcd key (base64), with etcd’s revision of each. */
export type Snapshot = Map<string, { value: string; revision: string }>

const base64 = (text: string) => Buffer.from(text).toString('base64')
const registry = { key: base64('/registry/'), range_end: base64('/registry0') }
/**
 * Keys that are left alone: what happened, who leads, which processes live, and the identities of controllers, which
 * hold tokens for them.
 */
const kept = ['events/', 'leases/', 'masterleases/', 'serviceaccounts/kube-system/'].map((kind) => `/registry/${kind}`)
/** etcd’s limit for the operations of a transaction. */
const maxOperations = 128

const rangeSchema = z.object({
  kvs: z.array(z.object({ key: z.string(), mod_revision: z.string(), value: z.string().default('') })).default([]),
})
const txnSchema = z.object({ header: z.object({ revision: z.string() }) })

/**
 * Reads and restores all objects of a control plane in its etcd, as another API server would: the watches of the
 * running one see each change. Namespaces need no controller to disappear.
 */
export async function openStore({ url, caFile, certFile, keyFile }: ControlPlane['store']) {
  const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map((file) => readFile(file)))
  const dispatcher = new Agent({ connect: { ca, cert, key } })
  // https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
  async function call<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const response = await fetch(`${url}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body), dispatcher })
    if (!response.ok) throw new Error(`etcd answered ${response.status} to ${path}: ${await response.text()}`)
    return schema.parse(await response.json())
  }
  async function list(withValues: boolean): Promise<Snapshot> {
    const { kvs } = await call('range', { ...registry, keys_only: !withValues }, rangeSchema)
    const ours = kvs.filter(({ key: name }) => {
      const path = Buffer.from(name, 'base64').toString()
      return !kept.some((prefix) => path.startsWith(prefix))
    })
    return new Map(ours.map(({ key: name, value, mod_revision: revision }) => [name, { value, revision }]))
  }

  return {
    remember: () => list(true),
    /** Restores the objects of a snapshot, and deletes all others. */
    async restore(snapshot: Snapshot): Promise<void> {
      const present = await list(false)
      const added = [...present.keys()].filter((name) => !snapshot.has(name))
      const changed = [...snapshot].filter(([name, { revision }]) => present.get(name)?.revision !== revision)
      const operations = [
        ...added.map((name) => ({ request_delete_range: { key: name } })),
        ...changed.map(([name, { value }]) => ({ request_put: { key: name, value } })),
      ]
      for (let start = 0; start < operations.length; start += maxOperations) {
        const success = operations.slice(start, start + maxOperations)
        const { header } = await call('txn', { success }, txnSchema)
        for (const operation of success) {
          const put = 'request_put' in operation ? snapshot.get(operation.request_put.key) : undefined
          if (put) put.revision = header.revision
        }
      }
    },
    close: () => dispatcher.close(),
  }
}
