import { saveRightsFindings } from '#lib/features/clusters/db/cluster-findings.ts'
import { noteExempt } from '#lib/features/clusters/db/cluster-readings.ts'
import { readClusterState } from '#lib/features/clusters/db/cluster-state.ts'
import { selectStrays } from '#lib/features/clusters/db/select-strays.ts'
import { maxShown } from '#lib/features/clusters/model/cluster-view.ts'
import { findFalseBindings, findFalseRoles, withoutMembersLabels } from '#lib/features/clusters/model/own-rights.ts'
import { exemptIdentities, type FoundBinding, rightsFindings } from '#lib/features/clusters/model/rights-findings.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { withSpaceLock } from '#lib/kernel/db/spaces/with-space-lock.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { recorded } from '#lib/kernel/use-case/recorded.ts'
import { readShippedRights } from '#lib/kube/fences/shipped-rights.ts'
import { listRights } from '#lib/kube/rights/list-rights.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** The API server's cache may be older than the database. */
const deletedLatelyMs = 3_600_000

/**
 * Searches a cluster for rights that Spaceport did not grant: rights of its people and processes, bindings and roles
 * that only look like its own, additional rules in its roles, and rights to bypass its fences. Cluster admins must
 * remove them; platform admins see them on the page of spaces, and the trail records each change.
 * @returns the findings, a sentence each;
 * @throws AppError cluster_* when the cluster can't be reached
 */
export async function checkRights(ctx: SystemContext, cluster: string): Promise<string[]> {
  const { findings, bindings, clusterRoles } = await findRights(ctx, cluster)
  const exempt = exemptIdentities(bindings, clusterRoles)
  await noteExempt(ctx.db, cluster, exempt.slice(0, maxShown), exempt.length)
  metrics().rightsFindingsCount.set({ cluster }, findings.length)
  const id = await readClusterId(ctx.db, cluster)
  await withSpaceLock(ctx.locks.of(cluster), id, async () => {
    const { rights: before } = await readClusterState(ctx.pool, cluster)
    const come = findings.filter((finding) => !before.includes(finding))
    const gone = before.filter((finding) => !findings.includes(finding))
    if (come.length + gone.length === 0) return
    const about = {
      target: { kind: 'cluster', id, name: cluster },
      destination: clusterDestination(cluster),
      detail: { come, gone },
    }
    await recorded(ctx, 'cluster.rights-changed', about, (record) =>
      record.commit((tx) => saveRightsFindings(tx, cluster, findings)),
    )
    if (come.length > 0) ctx.log.warn({ cluster, findings: come }, 'rights on a cluster that Spaceport did not grant')
  })
  return findings
}

async function findRights(ctx: SystemContext, cluster: string) {
  const shipped = await readShippedRights()
  const listed = await listRights(ctx.clusters.get(cluster), shipped)
  const { clusterRoles, ownRoles } = listed
  const since = new Date(ctx.clock().getTime() - deletedLatelyMs)
  const strays = await selectStrays(ctx.pool, cluster, listed.members.map(locationOf), since)
  const parts = [...listed.bindings, ...(ownRoles ?? [])].filter(({ ours }) => ours === 'part-of')
  const namespaces = [...new Set(parts.flatMap(({ namespace }) => namespace ?? []))]
  const outside = await selectStrays(
    ctx.pool,
    cluster,
    namespaces.map((namespace) => ({ namespace, spaceId: '' })),
    since,
  )
  const spaceless = new Set(outside.map(({ namespace }) => namespace))
  const bindings = withoutMembersLabels(listed.bindings, spaceless)
  const roles = withoutMembersLabels(ownRoles ?? [], spaceless)
  const mapped = new Set(ctx.gitIdentities.filter((one) => one.cluster === cluster).map(({ namespace }) => namespace))
  const falseBindings = findFalseBindings(
    bindings,
    strays.map(({ binding }) => binding),
    shipped,
    { roles, mapped },
  )
  const foreign = bindings.filter((binding) => !falseBindings.has(binding))
  const findings = [
    ...falseBindings.values(),
    ...findFalseRoles([...clusterRoles, ...roles], shipped, mapped),
    ...(ownRoles
      ? []
      : ['Roles can’t be compared, because the broker may not list them: install this version’s manifests.']),
    ...rightsFindings(foreign, clusterRoles),
  ].sort()
  return { findings, bindings, clusterRoles }
}

const locationOf = (binding: FoundBinding) => ({
  namespace: binding.namespace ?? '',
  // A binding of Spaceport’s names its space.
  spaceId: binding.spaceId || 'none',
  binding,
})
