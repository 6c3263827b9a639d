import { bindingsOfSpace, type ClusterBinding, type SpaceRights } from '#lib/features/access/model/cluster-binding.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { SpaceMember } from '#lib/kernel/model/spaces/membership.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { readSpaceRights } from '#lib/kube/rights/read-space-rights.ts'

/** Milliseconds that a page waits for a cluster. */
const patienceMs = 5_000

type Observable = Pick<SpaceRecord, 'id' | 'cluster' | 'namespace' | 'namespaceUid' | 'status'>

export type Observed = {
  bindings: ClusterBinding[]
  across: SpaceRights['across']
  more: boolean
  /** Members and their roles on the cluster, from the database. */
  members: readonly SpaceMember[]
}

/**
 * Reads the bindings of a space's namespace and compares them with the desired ones.
 * @returns null if the space has no namespace
 * @throws AppError cluster_*
 */
export async function observeBindings(
  ctx: Pick<Services, 'pool' | 'clusters' | 'clock' | 'policy'>,
  { id, cluster, namespace, namespaceUid, status }: Observable,
): Promise<Observed | null> {
  if (namespaceUid === null) return null
  const from = ctx.clusters.get(cluster)
  const signal = AbortSignal.timeout(patienceMs)
  const [loaded, rights] = await Promise.all([
    loadDesiredSpace(ctx.pool, id, ctx.clock()),
    readSpaceRights(from, { namespace, uid: namespaceUid }, signal).catch((error: unknown) => {
      throw signal.aborted ? new AppError('cluster_busy', { cause: error }) : error
    }),
  ])
  if (!rights || !loaded) return null
  // A space in deletion gives no access.
  const wanted = status === 'deleting' ? { ...loaded.wanted, members: [] } : loaded.wanted
  const { access } = renderSpace(wanted, ctx.policy.reach)
  const { across, more } = rights
  return { bindings: bindingsOfSpace(rights, access), across, more, members: wanted.members }
}
