import { shareText } from '#components/spaces/quota-words.ts'
import type { Amounts, SampledResource, UsageHistory } from '#lib/kernel/model/spaces/usage-sample.ts'

export type UsageLine = {
  resource: SampledResource
  name: string
  used: Amounts
  hard: Amounts
  /** Of the quota at that time; null: no reading. */
  shares: (number | null)[]
}
export type UsageChart = { title: string; lines: UsageLine[] }

const charts: readonly { title: string; lines: readonly (readonly [SampledResource, string])[] }[] = [
  {
    title: 'CPU',
    lines: [
      ['requests.cpu', 'Requests'],
      ['limits.cpu', 'Limits'],
      ['use.cpu', 'In use'],
    ],
  },
  {
    title: 'Memory',
    lines: [
      ['requests.memory', 'Requests'],
      ['limits.memory', 'Limits'],
      ['use.memory', 'In use'],
    ],
  },
  { title: 'Pods', lines: [['pods', 'Pods']] },
  { title: 'Storage', lines: [['requests.storage', 'Storage']] },
]

/** Of every size. */
export const chartTitles = charts.map(({ title }) => title)

/** @returns a chart for each resource in the space’s quota */
export function chartsOf({ resources }: UsageHistory): UsageChart[] {
  return charts
    .map(({ title, lines }) => ({
      title,
      lines: lines.flatMap(([resource, name]) => {
        const found = resources.find((one) => one.resource === resource)
        if (!found) return []
        const shares = found.used.map((used, index) => shareOf(used, found.hard[index] ?? null))
        return [{ resource, name, used: found.used, hard: found.hard, shares }]
      }),
    }))
    .filter(({ lines }) => lines.length > 0)
}

const shareOf = (used: number | null, hard: number | null): number | null =>
  used === null || hard === null || hard === 0 ? null : used / hard

/** @returns the index of the last reading; -1: none */
export const lastReading = ({ lines }: UsageChart): number =>
  Math.max(...lines.map(({ shares }) => shares.findLastIndex((share) => share !== null)))

/** @returns a line’s value in words: "1.5 of 4 CPUs"; "no reading" if there is none */
export function valueText({ resource, used, hard }: UsageLine, index: number): string {
  const [of, all] = [used[index] ?? null, hard[index] ?? null]
  return of === null || all === null ? 'no reading' : shareText(resource, of, all)
}

/** @returns a text alternative for a chart: the last value, and the range */
export function chartText(chart: UsageChart, span: string): string {
  const lines = chart.lines.map((line) => {
    const shares = line.shares.filter((share) => share !== null)
    const between = `between ${percent(Math.min(...shares))} and ${percent(Math.max(...shares))} of the quota`
    return `${line.name}: ${valueText(line, lastReading(chart))} at the last reading, ${between}.`
  })
  return [`${chart.title} over the last ${span}.`, ...lines].join(' ')
}

/** @returns a share in words: "38%" */
export const percent = (share: number): string => `${Math.round(share * 100)}%`
