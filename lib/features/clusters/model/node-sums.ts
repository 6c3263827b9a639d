import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'

/** What matters of a node for capacity; quantities as its kubelet writes them. */
export type FoundNode = {
  allocatable: Readonly<Record<string, unknown>>
  ready: boolean
  cordoned: boolean
  /** Whether a taint repels pods that don’t tolerate it. */
  tainted: boolean
}

/** Room for pods, in base units. */
export type Room = { cpu: number; memory: number; pods: number }

/** The total capacity for pods of a cluster’s nodes. */
export type NodeSums = Room & {
  /** All nodes, and those left out of the sums by reason. */
  nodes: number
  notReady: number
  cordoned: number
  tainted: number
  /** Their quantities are impossible. */
  unbelievable: number
  /** There are more nodes than were read. */
  more: boolean
}

/** More than any machine has: a node that claims it, because its kubelet is broken or stolen, is left out. */
const most: Room = { cpu: 10_000, memory: 2 ** 47, pods: 1_000_000 }

export const noNodes: NodeSums = {
  cpu: 0,
  memory: 0,
  pods: 0,
  nodes: 0,
  notReady: 0,
  cordoned: 0,
  tainted: 0,
  unbelievable: 0,
  more: false,
}

/** @returns the sums with one more node */
export function addNode(sums: NodeSums, node: FoundNode): NodeSums {
  const nodes = sums.nodes + 1
  const left = leftOut(node)
  if (left) return { ...sums, nodes, [left]: sums[left] + 1 }
  const room = roomOf(node)
  if (!room) return { ...sums, nodes, unbelievable: sums.unbelievable + 1 }
  return {
    ...sums,
    nodes,
    cpu: sums.cpu + room.cpu,
    memory: sums.memory + room.memory,
    pods: sums.pods + room.pods,
  }
}

function leftOut({ ready, cordoned, tainted }: FoundNode): 'notReady' | 'cordoned' | 'tainted' | null {
  if (!ready) return 'notReady'
  if (cordoned) return 'cordoned'
  return tainted ? 'tainted' : null
}

function roomOf({ allocatable }: FoundNode): Room | null {
  const amount = (resource: keyof Room): number => {
    const text = allocatable[resource]
    const value = typeof text === 'string' && text.length <= 64 ? parseQuantity(text) : undefined
    return value !== undefined && value >= 0 && value <= most[resource] ? value : Number.NaN
  }
  const room = { cpu: amount('cpu'), memory: amount('memory'), pods: amount('pods') }
  return Object.values(room).some(Number.isNaN) ? null : room
}
