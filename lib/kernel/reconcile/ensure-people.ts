import { LRUCache } from 'lru-cache'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { applyPerson, describePerson } from '#lib/kube/people/apply-person.ts'

/** The people known to be on a cluster, so that a change to one member doesn't rewrite all others. */
const known = new WeakMap<Cluster, LRUCache<string, string>>()
const maxKnown = 50_000

/**
 * Makes sure that people's ServiceAccounts are on the cluster (lib/kernel/model/spaces/cluster-names.ts).
 * @param force write them even if they are known (full pass)
 */
export async function ensurePeople(cluster: Cluster, people: readonly Member[], { force = false } = {}): Promise<void> {
  const there = known.get(cluster) ?? new LRUCache<string, string>({ max: maxKnown })
  known.set(cluster, there)
  const described = (person: Member) => Object.values(describePerson(person)).join('\n')
  const missing = force ? people : people.filter((person) => there.get(person.handle) !== described(person))
  for (const group of chunks(missing, 16)) {
    await Promise.all(
      group.map(async (person) => {
        await applyPerson(cluster, person)
        there.set(person.handle, described(person))
      }),
    )
  }
}

export async function removePerson(cluster: Cluster, handle: string): Promise<void> {
  known.get(cluster)?.delete(handle)
  await deleteObject(cluster, { apiVersion: 'v1', kind: 'ServiceAccount', namespace: usersNamespace, name: handle })
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
