import { parseQuantity } from '#lib/domain/quantity.ts'
import type { QuotaUsage } from '#lib/domain/space-inside.ts'

const labels: Readonly<Record<string, string>> = {
  'requests.cpu': 'CPU requests',
  'limits.cpu': 'CPU limits',
  'requests.memory': 'Memory requests',
  'limits.memory': 'Memory limits',
  pods: 'Pods',
  persistentvolumeclaims: 'Volumes',
  'requests.storage': 'Storage',
  'requests.ephemeral-storage': 'Node disk requests',
  'limits.ephemeral-storage': 'Node disk limits',
  services: 'Services',
  secrets: 'Secrets',
  configmaps: 'Config maps',
}

/** What usually fills up first. The rest is shown once it is half full. */
const alwaysShown = new Set([
  'requests.cpu',
  'requests.memory',
  'limits.memory',
  'pods',
  'requests.storage',
  'persistentvolumeclaims',
])

/** @returns a resource's name on screen */
export function quotaLabel(resource: string): string {
  const counted = /^count\/([^.]+)/.exec(resource)?.[1]
  if (counted === 'pods') return 'Number of pods, including finished ones'
  return labels[resource] ?? (counted === undefined ? resource : `Number of ${counted}`)
}

/** @returns the rows worth a bar, in the order of the labels */
export function shownQuota(usage: readonly QuotaUsage[]): QuotaUsage[] {
  const order = Object.keys(labels)
  const place = ({ resource }: QuotaUsage) => (order.includes(resource) ? order.indexOf(resource) : order.length)
  return usage
    .filter(({ resource, ratio }) => alwaysShown.has(resource) || ratio >= 0.5)
    .sort((a, b) => place(a) - place(b))
}

/** What a space may use of one thing: what its containers request, and what they may use at most. */
export type QuotaBar = { label: string; usage: QuotaUsage; limits: QuotaUsage | null }

const pairs: Readonly<Record<string, string>> = { cpu: 'CPU', memory: 'Memory', 'ephemeral-storage': 'Node disk' }

/** @returns the rows worth a bar, requests and limits of one resource together */
export function quotaBars(usage: readonly QuotaUsage[]): QuotaBar[] {
  const byName = new Map(usage.map((row) => [row.resource, row]))
  const bars = shownQuota(usage).flatMap((row): QuotaBar[] => {
    const paired = /^(?:requests|limits)\.(.+)$/.exec(row.resource)?.[1] ?? ''
    const label = pairs[paired]
    const requests = byName.get(`requests.${paired}`)
    if (label === undefined || requests === undefined)
      return [{ label: quotaLabel(row.resource), usage: row, limits: null }]
    return [{ label, usage: requests, limits: byName.get(`limits.${paired}`) ?? null }]
  })
  return bars.filter(({ label }, index) => bars.findIndex((bar) => bar.label === label) === index)
}

/** @returns the fullest of the shown quotas, or null if usage is unknown */
export const fullestQuota = (usage: readonly QuotaUsage[]): QuotaUsage | null =>
  shownQuota(usage).reduce<QuotaUsage | null>((most, one) => (most && most.ratio >= one.ratio ? most : one), null)

/** @returns a quota's usage in words: "1.5 of 4 CPUs" */
export function quotaText({ resource, used, hard }: QuotaUsage): string {
  if (resource.endsWith('.memory') || resource.endsWith('storage')) return `${inGib(used)} of ${inGib(hard)} GiB`
  const [of, all] = [plain(used), plain(hard)]
  return resource.endsWith('.cpu') ? `${of} of ${all} CPUs` : `${of} of ${all}`
}

const inGib = (quantity: string) => round((parseQuantity(quantity) ?? 0) / 2 ** 30)
const plain = (quantity: string) => round(parseQuantity(quantity) ?? 0)
const round = (value: number) => String(Number(value.toFixed(value < 10 ? 2 : 0)))
