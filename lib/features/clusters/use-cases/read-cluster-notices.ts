import { readClusterState } from '#lib/features/clusters/db/cluster-state.ts'
import type { ClusterNotice } from '#lib/features/clusters/model/cluster-notice.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns for platform admins: the faults in each cluster's fences and rights; empty if there are none */
export const readClusterNotices = viewPlatform({
  permission: 'read-cluster-notices',
  input: nothing,
  async read({ ctx }): Promise<ClusterNotice[]> {
    const notices = await Promise.all(
      ctx.clusters.names.map(async (cluster) => {
        const { faults, rights } = await readClusterState(ctx.pool, cluster)
        return { cluster, fences: faults.map(({ policy, fault }) => `${policy}: ${fault}`), rights }
      }),
    )
    return notices.filter(({ fences, rights }) => fences.length + rights.length > 0)
  },
})
