import { z } from 'zod'
import { type EtcdAddress, type EtcdOperation, openEtcd } from '#dev/cluster/open-etcd.ts'

/** Objects by etcd key (base64), with etcd’s revision of each. */
export type Snapshot = Map<string, { value: string; revision: string }>

const base64 = (text: string) => Buffer.from(text).toString('base64')
const registry = { key: base64('/registry/'), rangeEnd: base64('/registry0') }
/**
 * Keys that are left alone: events, leases of leaders and processes, and the identities of controllers, which hold
 * tokens for them.
 */
const kept = ['events/', 'leases/', 'masterleases/', 'serviceaccounts/kube-system/'].map((kind) => `/registry/${kind}`)

const rangeSchema = z.object({
  kvs: z.array(z.object({ key: z.string(), mod_revision: z.string(), value: z.string().default('') })).default([]),
})

/**
 * Reads and restores all objects of a control plane in its etcd, as another API server would: the watches of the
 * running one see each change. Namespaces need no controller to disappear.
 */
export function openStore(address: EtcdAddress) {
  const etcd = openEtcd(address)
  async function list(withValues: boolean): Promise<Snapshot> {
    const { kvs } = await etcd.call('range', { ...registry, keysOnly: !withValues }, rangeSchema)
    const ours = kvs.filter(({ key }) => {
      const path = Buffer.from(key, 'base64').toString()
      return !kept.some((prefix) => path.startsWith(prefix))
    })
    return new Map(ours.map(({ key, value, mod_revision: revision }) => [key, { value, revision }]))
  }

  return {
    remember: () => list(true),
    /** Restores the objects of a snapshot, and deletes all others. */
    async restore(snapshot: Snapshot): Promise<void> {
      const present = await list(false)
      const added = [...present.keys()].filter((key) => !snapshot.has(key))
      const changed = [...snapshot].filter(([key, { revision }]) => present.get(key)?.revision !== revision)
      const operations: EtcdOperation[] = [
        ...added.map((key) => ({ requestDeleteRange: { key } })),
        ...changed.map(([key, { value }]) => ({ requestPut: { key, value } })),
      ]
      await etcd.write(operations, (written, revision) => {
        for (const operation of written) {
          const put = 'requestPut' in operation ? snapshot.get(operation.requestPut.key) : undefined
          if (put) put.revision = revision
        }
      })
    },
    close: () => etcd.close(),
  }
}
