import { parseQuantity } from './quantity.ts'

/** What something really uses, as metrics-server last measured it: CPU in cores, memory in bytes. */
export type Use = { cpu: number; memory: number }

/** What the pods of a space use, by their names; those that nobody has measured yet are missing. */
export type PodUse = ReadonlyMap<string, Use>

/** More than any machine has: what claims that is wrong. */
const most: Use = { cpu: 1e6, memory: 2 ** 60 }

export const noUse: Use = { cpu: 0, memory: 0 }

/** @returns what both use together */
export const addUse = (a: Use, b: Use): Use => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory })

/**
 * @param containers quantities as metrics-server writes them, of each container of a pod
 * @returns what the pod uses; null if one of them says nothing that could be true
 */
export function podUseOf(containers: readonly { cpu: string; memory: string }[]): Use | null {
  const total = containers.reduce(
    (sum, { cpu, memory }) => addUse(sum, { cpu: amount(cpu), memory: amount(memory) }),
    noUse,
  )
  return total.cpu <= most.cpu && total.memory <= most.memory ? total : null
}

/** A quantity, or what makes every sum unbelievable. */
function amount(text: string): number {
  const value = parseQuantity(text)
  return value !== undefined && value >= 0 ? value : Number.POSITIVE_INFINITY
}

/** @returns what these pods use together; null: none of them was measured */
export function totalUse(pods: readonly { name: string }[], measured: PodUse): Use | null {
  const found = pods.flatMap(({ name }) => measured.get(name) ?? [])
  return found.length === 0 ? null : found.reduce(addUse, noUse)
}
