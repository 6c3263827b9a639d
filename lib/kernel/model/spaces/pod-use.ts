import { parseQuantity } from './quantity.ts'

/** Actual usage, as metrics-server last measured it: CPU in cores, memory in bytes. */
export type Use = { cpu: number; memory: number }

/** The usage of a space's pods by name, without pods that haven't been measured yet. */
export type PodUse = ReadonlyMap<string, Use>

/** More than any machine has: larger values are wrong. */
const most: Use = { cpu: 1e6, memory: 2 ** 60 }

export const noUse: Use = { cpu: 0, memory: 0 }

export const addUse = (a: Use, b: Use): Use => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory })

/**
 * @param containers quantities from metrics-server, per container of a pod
 * @returns the pod's usage; null if any value is implausible
 */
export function podUseOf(containers: readonly { cpu: string; memory: string }[]): Use | null {
  const total = containers.reduce(
    (sum, { cpu, memory }) => addUse(sum, { cpu: amount(cpu), memory: amount(memory) }),
    noUse,
  )
  return total.cpu <= most.cpu && total.memory <= most.memory ? total : null
}

/** A quantity; infinite if it is invalid, so that the sum is refused. */
function amount(text: string): number {
  const value = parseQuantity(text)
  return value !== undefined && value >= 0 ? value : Number.POSITIVE_INFINITY
}

/** @returns the total usage of these pods; null: none was measured */
export function totalUse(pods: readonly { name: string }[], measured: PodUse): Use | null {
  const found = pods.flatMap(({ name }) => measured.get(name) ?? [])
  return found.length === 0 ? null : found.reduce(addUse, noUse)
}
