import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { noteExempt } from '#lib/db/cluster-readings.ts'
import { readClusterId } from '#lib/db/read-cluster-id.ts'
import { readClusterState } from '#lib/db/read-cluster-state.ts'
import { saveRightsFindings } from '#lib/db/save-rights-findings.ts'
import { withSpaceLock } from '#lib/db/with-space-lock.ts'
import { maxShown } from '#lib/domain/cluster-view.ts'
import { clusterDestination } from '#lib/domain/destination.ts'
import { exemptIdentities, rightsFindings } from '#lib/domain/rights-findings.ts'
import { listForeignRights } from '#lib/kube/list-foreign-rights.ts'
import { metrics } from '#lib/observability/metrics.ts'

/**
 * Searches a cluster for rights that Spaceport did not give: rights of its people, changed rules in its roles, or
 * rights to bypass its fences. Removing them is up to the cluster's admins; platform admins see them on the page of
 * spaces, and the trail records each change.
 * @returns what was found, a sentence each; @throws AppError cluster_* when the cluster can't be reached
 */
export async function checkRights(ctx: SystemContext, cluster: string): Promise<string[]> {
  const { bindings, clusterRoles } = await listForeignRights(ctx.clusters.get(cluster))
  const findings = rightsFindings(bindings, clusterRoles)
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
    if (come.length > 0) ctx.log.warn({ cluster, findings: come }, 'rights on a cluster that Spaceport did not give')
  })
  return findings
}
