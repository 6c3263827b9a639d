import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

const counted = ['requests.cpu', 'requests.memory', 'pods', 'requests.storage'] as const

/** @returns a number as a quantity, rounded to hide floating-point noise */
const quantity = (value: number): string => String(Number(value.toFixed(3)))

/**
 * Sums the quota usage of spaces: CPU, memory, pods and storage.
 * @param usages the usage of each space; a space without a report adds nothing
 * @returns one row per reported resource, in base units
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
