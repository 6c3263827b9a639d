import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

/** What people mean by usage, in the order in which it is shown. */
const counted = ['requests.cpu', 'requests.memory', 'pods', 'requests.storage'] as const

/** @returns a number as a quantity, without the noise of adding doubles */
const quantity = (value: number): string => String(Number(value.toFixed(3)))

/**
 * Adds up what spaces use of their quotas: CPU, memory, pods and storage.
 * @param usages the usage of each space; spaces that reported nothing count as nothing
 * @returns one row per resource that any of them reported, in base units
 */
export function totalUsage(usages: readonly (readonly QuotaUsage[])[]): QuotaUsage[] {
  const rows = usages.flat()
  return counted.flatMap((resource) => {
    const same = rows.filter((row) => row.resource === resource)
    if (same.length === 0) return []
    const sum = (of: 'used' | 'hard') => same.reduce((total, row) => total + (parseQuantity(row[of]) ?? 0), 0)
    const [used, hard] = [sum('used'), sum('hard')]
    return [{ resource, used: quantity(used), hard: quantity(hard), ratio: hard > 0 ? used / hard : 0 }]
  })
}
