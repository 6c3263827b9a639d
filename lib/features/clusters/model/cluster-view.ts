import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'
import type { ContactState, Contacts, Latency } from './contact.ts'
import type { FenceFault } from './fence-fault.ts'
import type { FenceState } from './fence-state.ts'
import type { VersionState } from './kubernetes-version.ts'
import type { NodeSums, Room } from './node-sums.ts'
import type { PromisedRoom } from './promised-room.ts'

/** As many findings, and as many who are exempt, are shown by name. */
export const maxShown = 20

/** What a platform admin sees of a cluster: everything is what the worker found last. */
export type ClusterView = {
  name: string
  isDefault: boolean
  /** False: the portal isn’t configured for it any more, but spaces of it are still known. */
  isConfigured: boolean
  contact: Contacts & { state: ContactState; latency: Latency | null }
  version: { text: string; state: VersionState } | null
  fences: { state: FenceState; faults: FenceFault[]; provedAt: Date | null }
  /** Rights that Spaceport didn’t give: at most `maxShown` sentences. */
  rights: { count: number; shown: string[] }
  /** Who may bypass the fences: at most `maxShown` names. Null: not read yet. */
  exempt: { count: number; shown: string[] } | null
  /** When all spaces were last compared, how many were repaired within 24 hours, and when the last one was. */
  drift: { checkedAt: Date | null; repairs: number; lastAt: Date | null }
  spaces: { total: number; byStatus: Partial<Record<SpaceStatus, number>> }
  capacity: {
    nodes: NodeSums | null
    readAt: Date | null
    /** Since when nodes may not be listed. */
    refusedAt: Date | null
    promised: PromisedRoom
    /** What spaces request, and really use where that is measured; null: not sampled lately. */
    requested: Room | null
    used: Pick<Room, 'cpu' | 'memory'> | null
  }
}
