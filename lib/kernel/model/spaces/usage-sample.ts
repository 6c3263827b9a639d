import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'
import type { Use } from './pod-use.ts'
import { parseQuantity } from './quantity.ts'
import type { QuotaUsage } from './space-inside.ts'

/** The sampled resources, in the order of the stored numbers: add new ones at the end. `use.` is actual usage. */
export const sampledResources = [
  'requests.cpu',
  'limits.cpu',
  'requests.memory',
  'limits.memory',
  'pods',
  'requests.storage',
  'use.cpu',
  'use.memory',
] as const
export type SampledResource = (typeof sampledResources)[number]

/** In base units, in the order of `sampledResources`; null: not in the quota. */
export type Amounts = (number | null)[]
export type UsageSample = { at: Date; used: Amounts; hard: Amounts }

const slotMs = 600_000
/** A little longer than what is shown, so that the left edge isn't empty. */
const kept = { slotsMs: dayMs + hourMs, hoursMs: 7 * dayMs + hourMs }

export const usageRanges = {
  day: { stepMs: slotMs, spanMs: dayMs },
  week: { stepMs: hourMs, spanMs: 7 * dayMs },
} as const
export type UsageRange = keyof typeof usageRanges

const floor = (at: Date, stepMs: number): number => Math.floor(at.getTime() / stepMs) * stepMs

/** @returns the start of the ten-minute slot of an instant */
export const slotOf = (at: Date): Date => new Date(floor(at, slotMs))

/** Workers sample all clusters within this time after the start of a slot. */
const samplingMs = 120_000

/** @returns the latest slot in which every cluster should have been sampled */
export const sampledSlot = (now: Date): Date => slotOf(new Date(now.getTime() - samplingMs))

/** @returns the instants of a range up to now, oldest first: at most 169 */
export function instantsOf(range: UsageRange, now: Date): Date[] {
  const { stepMs, spanMs } = usageRanges[range]
  const last = floor(now, stepMs)
  return Array.from({ length: spanMs / stepMs + 1 }, (_, index) => new Date(last - spanMs + index * stepMs))
}

/** @returns which samples to delete: all before an instant, and later ones between full hours once a day old */
export function outdatedSamples(now: Date): { before: Date; between: Date[] } {
  const before = new Date(floor(new Date(now.getTime() - kept.hoursMs), hourMs))
  const until = now.getTime() - kept.slotsMs
  const between: Date[] = []
  for (let at = before.getTime(); at < until; at += slotMs) if (at % hourMs !== 0) between.push(new Date(at))
  return { before, between }
}

/**
 * @param use the actual usage of the space’s pods; null: not measured
 * @returns a space’s usage in the format of a sample
 */
export function amountsOf(usage: readonly QuotaUsage[], use: Use | null): Pick<UsageSample, 'used' | 'hard'> {
  const rows = [...usage, ...(use ? measuredRows(usage, use) : [])]
  const found = sampledResources.map((resource) => rows.find((row) => row.resource === resource))
  const amounts = (of: 'used' | 'hard') => found.map((row) => (row ? (parseQuantity(row[of]) ?? null) : null))
  return { used: amounts('used'), hard: amounts('hard') }
}

const measuredRows = (usage: readonly QuotaUsage[], use: Use) =>
  (['cpu', 'memory'] as const).flatMap((name) => {
    const requests = usage.find(({ resource }) => resource === `requests.${name}`)
    return requests ? [{ resource: `use.${name}`, used: String(use[name]), hard: requests.hard }] : []
  })

export type UsageHistory = {
  range: UsageRange
  /** Seconds since 1970 of each instant, oldest first. */
  at: number[]
  /** The resources of its quota, with one value per instant; null: not read. */
  resources: { resource: SampledResource; used: Amounts; hard: Amounts }[]
}

/** @returns samples as columns, with null for missing ones */
export function historyOf(range: UsageRange, now: Date, samples: readonly UsageSample[]): UsageHistory {
  const instants = instantsOf(range, now)
  const byInstant = new Map(samples.map((sample) => [sample.at.getTime(), sample]))
  const resources = sampledResources.map((resource, index) => {
    const amounts = (of: 'used' | 'hard') => instants.map((at) => byInstant.get(at.getTime())?.[of][index] ?? null)
    return { resource, used: amounts('used'), hard: amounts('hard') }
  })
  return {
    range,
    at: instants.map((at) => at.getTime() / 1_000),
    resources: resources.filter(({ hard }) => hard.some((amount) => amount !== null)),
  }
}
