import { z } from 'zod'
import { openAdminClient } from '#bench/cluster/admin-client.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedKinds, managedSelector } from '#lib/kube/objects/managed-kinds.ts'

const pageSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.unknown()),
})
const kinds = [{ apiVersion: 'v1', resource: 'namespaces' }, ...managedKinds]

/**
 * Lists all of Spaceport’s objects, page by page, on one connection.
 * @returns the duration, and the number of objects
 */
export async function timeBareLists(kubeconfig: string): Promise<{ ms: number; calls: number; objects: number }> {
  const client = openAdminClient(kubeconfig)
  const began = performance.now()
  let calls = 0
  let objects = 0
  try {
    for (const { apiVersion, resource } of kinds) {
      let next = ''
      do {
        const query = new URLSearchParams({
          labelSelector: managedSelector,
          limit: '500',
          ...(next && { continue: next }),
        })
        const { status, body } = await client.call('GET', `${collectionPath(apiVersion, resource)}?${query}`)
        if (status !== 200) throw new Error(`a list of ${resource} was answered by ${status}: ${JSON.stringify(body)}`)
        const page = pageSchema.parse(body)
        calls++
        objects += page.items.length
        next = page.metadata.continue ?? ''
      } while (next !== '')
    }
    return { ms: performance.now() - began, calls, objects }
  } finally {
    await client.close()
  }
}
