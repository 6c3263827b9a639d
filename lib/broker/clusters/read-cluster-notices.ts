import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { readClusterState } from '#lib/db/read-cluster-state.ts'
import type { ClusterNotice } from '#lib/domain/cluster-notice.ts'

/** @returns for platform admins: what is wrong with each cluster's fences and rights; nothing if all is well */
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
