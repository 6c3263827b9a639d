import { cpuNumber, cpuText, memoryParts, memoryText } from '#lib/features/spaces/model/use-in-words.ts'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { QuotaUsage } from '#lib/kernel/model/spaces/space-inside.ts'

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

/** The resources that usually run out first. Others are shown once they are half full. */
const alwaysShown = new Set([
  'requests.cpu',
  'requests.memory',
  'limits.memory',
  'pods',
  'requests.storage',
  'persistentvolumeclaims',
])

/** @returns a resource's name inside of a sentence: "pods", "CPU limits" */
export const quotaInSentence = (resource: string): string =>
  quotaLabel(resource).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())

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

/** A space's quota for one resource: the requests and limits of its containers. */
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
export const quotaText = ({ resource, used, hard }: Pick<QuotaUsage, 'resource' | 'used' | 'hard'>): string =>
  shareText(resource, parseQuantity(used) ?? 0, parseQuantity(hard) ?? 0)

/** Like quotaText, in two parts: "1.5" and "4 CPUs". */
export const quotaParts = ({ resource, used, hard }: QuotaUsage): { used: string; of: string } =>
  shareParts(resource, parseQuantity(used) ?? 0, parseQuantity(hard) ?? 0)

/** Like quotaText, for amounts in base units. */
export function shareText(resource: string, amount: number, hard: number): string {
  const { used, of } = shareParts(resource, amount, hard)
  return `${used} of ${of}`
}

/**
 * @param amount in base units
 * @returns text: "1.5 CPUs"
 */
export function amountText(resource: string, amount: number): string {
  if (isBytes(resource)) return memoryText(amount)
  return resource.endsWith('.cpu') ? cpuText(amount) : String(amount)
}

/** The unit is shown once, unless they differ: "48 MiB" of "4 GiB". */
function shareParts(resource: string, amount: number, hard: number): { used: string; of: string } {
  const of = amountText(resource, hard)
  if (!isBytes(resource)) return { used: resource.endsWith('.cpu') ? cpuNumber(amount) : String(amount), of }
  const { number, unit } = memoryParts(amount)
  return { used: amount === 0 || unit === memoryParts(hard).unit ? number : `${number} ${unit}`, of }
}

const isBytes = (resource: string) => resource.endsWith('.memory') || resource.endsWith('storage')
