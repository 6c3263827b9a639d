import { z } from 'zod'
import type { Revisions } from '#lib/features/spaces/model/revision.ts'
import { revisedSchema, revisionsOf, revisionsPath, storedRevision } from '#lib/features/spaces/model/roll-back.ts'
import type { WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { mask, maskText } from './mask-text.ts'

/** A hundred times what a Deployment keeps by default. */
const maxListed = 1_000

/**
 * Lists a workload’s revisions as a person.
 * @param object the workload, as its API server answered
 * @returns null for a kind without revisions
 * @throws AppError forbidden, cluster_*
 */
export async function listRevisions(
  cluster: Cluster,
  as: AsPerson,
  { namespace, kind }: { namespace: string; kind: WorkloadKind },
  object: unknown,
): Promise<Revisions | null> {
  const path = revisionsPath(namespace, kind)
  const workload = revisedSchema.safeParse(object)
  if (path === null || !workload.success) return null
  const labelSelector = Object.entries(workload.data.spec.selector.matchLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  const query = { resourceVersion: '0', labelSelector }
  const listed = await listAll(cluster, { path, query, as, max: maxListed }, z.unknown())
  // The API server takes a ControllerRevision with any data.
  const found = listed.flatMap((one) => storedRevision.safeParse(one).data ?? [])
  return revisionsOf(workload.data, found, (text) => maskText(text, () => mask))
}
