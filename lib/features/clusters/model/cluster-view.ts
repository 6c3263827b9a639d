import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'
import type { ContactState, Contacts, Latency } from './contact.ts'
import type { FenceFault } from './fence-fault.ts'
import type { FenceState } from './fence-state.ts'
import type { VersionState } from './kubernetes-version.ts'
import type { NodeSums, Room } from './node-sums.ts'
import type { PromisedRoom } from './promised-room.ts'

/** The most findings, and exempt subjects, that are listed. */
export const maxShown = 20

/** What a platform admin sees of a cluster, as the worker last found it. */
export type ClusterView = {
  name: string
  isDefault: boolean
  /** False: no longer configured, but it still has spaces. */
  isConfigured: boolean
  contact: Contacts & { state: ContactState; latency: Latency | null }
  version: { text: string; state: VersionState } | null
  fences: { state: FenceState; faults: FenceFault[]; provedAt: Date | null }
  /** Rights that Spaceport didn’t grant: at most `maxShown` sentences. */
  rights: { count: number; shown: string[] }
  /** Who may bypass the fences: at most `maxShown` names. Null: not read yet. */
  exempt: { count: number; shown: string[] } | null
  /** When all spaces were last compared, how many were repaired within 24 hours, and the last repair. */
  drift: { checkedAt: Date | null; repairs: number; lastAt: Date | null }
  /** Since when reading the health of spaces is forbidden. */
  healthRefusedAt: Date | null
  spaces: { total: number; byStatus: Partial<Record<SpaceStatus, number>> }
  capacity: {
    nodes: NodeSums | null
    readAt: Date | null
    /** Since when listing nodes is forbidden. */
    refusedAt: Date | null
    promised: PromisedRoom
    /** What spaces request, and what they use where that is measured; null: no recent sample. */
    requested: Room | null
    used: Pick<Room, 'cpu' | 'memory'> | null
  }
}
