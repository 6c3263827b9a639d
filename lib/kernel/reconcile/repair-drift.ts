import { requestReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { noteRepair } from '#lib/kernel/db/spaces/note-drift.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { driftOf, nameOf } from '#lib/kernel/model/spaces/drift.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { recorded } from '#lib/kernel/use-case/recorded.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { reconcileLiving } from './reconcile-living.ts'
import { withLockedSpace } from './with-locked-space.ts'

/**
 * Compares a ready space with the cluster, and restores our objects. Skips a space that is being changed, because the
 * change repairs it.
 * @param onDecided called once the repair is decided: if it fails, the queue continues with it
 * @returns the drifted objects, as `Kind/name`
 */
export async function repairDrift(
  ctx: SystemContext,
  spaceId: string,
  onDecided: () => void = () => {},
): Promise<string[]> {
  const drifted = await withLockedSpace(ctx, spaceId, async (loaded): Promise<string[]> => {
    if (loaded.namespaceUid === null || loaded.status !== 'ready' || loaded.observedGeneration < loaded.generation)
      return []
    const cluster = ctx.clusters.get(loaded.cluster)
    const { namespace } = loaded.wanted
    const rendered = renderSpace(loaded.wanted, ctx.policy.reach)
    const [found, objects] = await Promise.all([findNamespace(cluster, namespace), listManaged(cluster, namespace)])
    const { gone, drifted, foreign } = driftOf(rendered, loaded.namespaceUid, found, objects)
    const all = [...drifted, ...foreign.map(nameOf)]
    if (all.length === 0) return []
    const about = {
      target: { kind: 'space', id: spaceId, name: loaded.wanted.name },
      spaceId,
      namespace,
      destination: clusterDestination(loaded.cluster),
      detail: { drifted: all },
    }
    await recorded(ctx, gone ? 'space.namespace-lost' : 'space.drift-repaired', about, async (record) => {
      await record.commit((tx) => requestReconcile(tx, spaceId))
      onDecided()
      for (const object of foreign) {
        await deleteObject(cluster, {
          apiVersion: object.apiVersion,
          kind: object.kind,
          namespace,
          name: object.metadata.name,
        })
      }
      // The next generation: if this fails, the queue continues with it.
      const result = await reconcileLiving(ctx, { ...loaded, generation: loaded.generation + 1 })
      if (!result.settled) throw new AppError(result.code, { sentence: result.message })
    })
    await noteRepair(ctx.db, loaded.cluster, ctx.clock())
    return all
  })
  return drifted ?? []
}
