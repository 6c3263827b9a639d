import { loadLivingSpaces, selectDeletingSpaces } from '#lib/features/recovery/db/living-spaces.ts'
import { compareRecovered, type KeptSpace } from '#lib/features/recovery/model/compare-recovered.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import type { Clusters } from '#lib/kube/client/cluster.ts'
import { readSource } from './read-source.ts'

/**
 * Says what the clusters and a restored database say differently. It only reads, and is for the time before workers start.
 * @returns whether there was any difference
 * @throws Error in words when a cluster doesn't answer: nobody may take the others for all
 */
export async function compareInstallation(
  db: Db,
  clusters: Clusters,
  { at, say }: { at: Date; say: (line: string) => void },
): Promise<boolean> {
  const sources = await Promise.all(clusters.names.map((name) => readSource(clusters.get(name))))
  let different = false
  for (const source of sources) {
    const kept: KeptSpace[] = []
    for await (const { wanted } of loadLivingSpaces(db, source.name, at)) {
      const { id, name, namespace, owner, members, endsAt, grants } = wanted
      const bound = members.map(({ member, role }) => ({ handle: member.handle, role }))
      kept.push({ id, name, namespace, endsAt, grants, owner: owner.handle, members: bound })
    }
    const deleting = await selectDeletingSpaces(db, source.name)
    for (const sentence of compareRecovered(kept, deleting, source)) {
      different = true
      say(`${source.name}: ${sentence}`)
    }
  }
  return different
}
