import { type ClusterRow, selectClusters } from '#lib/features/clusters/db/select-clusters.ts'
import { type ClusterView, maxShown } from '#lib/features/clusters/model/cluster-view.ts'
import { contactStateOf, latencyOf } from '#lib/features/clusters/model/contact.ts'
import { fenceStateOf } from '#lib/features/clusters/model/fence-state.ts'
import { versionStateOf } from '#lib/features/clusters/model/kubernetes-version.ts'
import { promisedRoomOf } from '#lib/features/clusters/model/promised-room.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { clipped, oneLine } from '#lib/kernel/model/one-line.ts'

/**
 * @returns for platform admins: what the worker last found on each cluster, the default first. It contacts no cluster.
 * A cluster that is no longer configured comes last while it has spaces
 */
export const listClusters = viewPlatform({
  permission: 'list-clusters',
  input: nothing,
  async read({ ctx }): Promise<ClusterView[]> {
    const now = ctx.clock()
    const { names, defaultName } = ctx.clusters
    const rows = await selectClusters(ctx.pool, names, now)
    const views = rows.map((row) => ({
      ...viewOf(row, now),
      isDefault: row.name === defaultName,
      isConfigured: names.includes(row.name),
    }))
    const place = ({ isDefault, isConfigured }: ClusterView) => (isDefault ? 0 : isConfigured ? 1 : 2)
    return views.sort((a, b) => place(a) - place(b))
  },
})

/** It contains names that others chose. */
const shownSentence = (text: string) => clipped(oneLine(text), 600)

function viewOf(row: ClusterRow, now: Date): Omit<ClusterView, 'isDefault' | 'isConfigured'> {
  const { triedAt, answeredAt, failingSince, failure, byStatus, sampled } = row
  const contacts = { triedAt, answeredAt, failingSince, failure }
  const repaired = row.repairedAt ?? []
  return {
    name: row.name,
    contact: { ...contacts, state: contactStateOf(contacts, now), latency: latencyOf(row.latencies ?? []) },
    version: row.version === null ? null : { text: row.version, state: versionStateOf(row.version) },
    fences: {
      state: fenceStateOf({ faults: row.faults.length, provedAt: row.provedAt }, now),
      faults: row.faults,
      provedAt: row.provedAt,
    },
    rights: { count: row.rights.length, shown: row.rights.slice(0, maxShown).map(shownSentence) },
    exempt: row.exemptCount === null ? null : { count: row.exemptCount, shown: row.exempt ?? [] },
    drift: {
      checkedAt: row.driftCheckedAt,
      repairs: repaired.filter((at) => now.getTime() - at.getTime() <= dayMs).length,
      lastAt: repaired.at(-1) ?? null,
    },
    healthRefusedAt: row.healthRefusedAt,
    spaces: { total: Object.values(byStatus).reduce((sum, n) => sum + n, 0), byStatus },
    capacity: {
      nodes: row.nodes,
      readAt: row.nodesReadAt,
      refusedAt: row.nodesRefusedAt,
      promised: promisedRoomOf(row.bySize),
      requested: sampled && { cpu: sampled.cpu, memory: sampled.memory, pods: sampled.pods },
      used:
        sampled?.usedCpu == null || sampled.usedMemory === null
          ? null
          : { cpu: sampled.usedCpu, memory: sampled.usedMemory },
    },
  }
}
