import type { ContactFailure, Latency } from '#lib/features/clusters/model/contact.ts'
import type { NodeSums, Room } from '#lib/features/clusters/model/node-sums.ts'

/** Why a cluster couldn’t be reached, and what to check. */
export const failureWords: Readonly<Record<ContactFailure, { why: string; look: string }>> = {
  name: {
    why: 'The name of its API server can’t be resolved.',
    look: 'Check the server’s address in the kubeconfig, and the worker’s DNS.',
  },
  connection: {
    why: 'Its API server can’t be reached.',
    look: 'Check that it is running and that firewalls let the worker connect.',
  },
  certificate: {
    why: 'The kubeconfig doesn’t trust its API server’s certificate.',
    look: 'If the cluster’s CA or address has changed, update the kubeconfig.',
  },
  login: {
    why: 'The kubeconfig’s login plugin returned no credential.',
    look: 'The worker’s log has the reason.',
  },
  late: {
    why: 'Its API server didn’t answer within ten seconds.',
    look: 'It may be overloaded, or a firewall may drop packets between it and the worker.',
  },
  busy: {
    why: 'Its API server is too busy to answer.',
    look: 'Contact resumes once it has capacity.',
  },
  credential: {
    why: 'Its API server doesn’t accept the broker’s token.',
    look: 'It has expired, or its ServiceAccount was deleted. Create a new one (docs/own-cluster.md).',
  },
  forbidden: {
    why: 'Its API server refuses the broker’s requests.',
    look: 'Apply deploy/cluster-chart/templates again, as a cluster admin.',
  },
  answer: {
    why: 'The answer isn’t from a working API server.',
    look: 'Check its log, and any proxies in front of it.',
  },
}

const grouped = (value: number): string => {
  const digits = value !== 0 && Math.abs(value) < 10 ? 1 : 0
  return new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value)
}

const units = ['GiB', 'TiB', 'PiB', 'EiB'] as const

/** @param of amounts are shown in the unit of the largest, so that they can be compared */
function memoryUnit(of: number): { name: string; bytes: number } {
  const index = Math.min(Math.max(Math.floor(Math.log2(Math.max(of, 1)) / 10) - 3, 0), units.length - 1)
  return { name: units[index] ?? 'GiB', bytes: 2 ** (30 + 10 * index) }
}

/** @returns an amount in words: `1.5 CPUs`, `64 GiB`, `2,000` */
export function roomText(resource: keyof Room, amount: number): string {
  if (resource === 'pods') return grouped(amount)
  if (resource === 'cpu') return `${grouped(amount)} ${grouped(amount) === '1' ? 'CPU' : 'CPUs'}`
  const { name, bytes } = memoryUnit(amount)
  return `${grouped(amount / bytes)} ${name}`
}

/** @returns an amount that sizes promise, and its share of node capacity: `4 CPUs, 40% of node capacity`, `Empty` */
export function promisedText(resource: keyof Room, promised: number, has: number | null): string {
  if (promised === 0) return 'Empty'
  const text = roomText(resource, promised)
  return has === null ? text : `${text}, ${promisedShare(promised, has)}`
}

/** @returns the promised share of node capacity: `40% of node capacity`, `1.5 times node capacity` */
function promisedShare(promised: number, has: number): string {
  if (has <= 0) return 'no node has capacity'
  const ratio = promised / has
  if (ratio > 1_000) return 'more than 1,000 times node capacity'
  return ratio <= 1 ? `${percent(ratio)} of node capacity` : `${grouped(ratio)} times node capacity`
}

/** @returns an amount and its share of node capacity, if that is known: `9.5 CPUs, 95%`, `Empty` */
export function amountOf(resource: keyof Room, amount: number, has: number | null): string {
  if (amount === 0) return 'Empty'
  const text = roomText(resource, amount)
  return has === null || has <= 0 ? text : `${text}, ${percent(amount / has)}`
}

/** @returns a share in words: `40%`, `less than 1%` */
const percent = (ratio: number): string => (ratio > 0 && ratio < 0.01 ? 'less than 1%' : `${Math.round(ratio * 100)}%`)

/** @returns whether every space could use its full quota at once, and if not, which resources would run out */
export function overcommitSentence(promised: Room, has: Room): string {
  if (promised.cpu + promised.memory + promised.pods === 0) return 'No quota is reserved yet.'
  const ratios = (['cpu', 'memory', 'pods'] as const).map((of) => ({ of, ratio: promised[of] / has[of] }))
  const over = ratios.filter(({ ratio }) => ratio > 1).map(({ of }) => resourceNames[of])
  return over.length === 0
    ? 'Every space can use its full quota.'
    : `Not every space can use its full quota: quotas reserve more ${over.join(' and ')} than nodes have.`
}

const resourceNames = { cpu: 'CPU', memory: 'memory', pods: 'pods' } as const

/** @returns how many nodes can run pods of spaces, and why others don’t */
export function nodesSentence(nodes: NodeSums): string {
  const { notReady, cordoned, tainted, unbelievable, more } = nodes
  const taking = nodes.nodes - notReady - cordoned - tainted - unbelievable
  const others = [
    notReady > 0 && `${notReady} not ready`,
    cordoned > 0 && `${cordoned} cordoned`,
    tainted > 0 && `${tainted} with a taint`,
    unbelievable > 0 && `${unbelievable} reporting impossible amounts`,
  ].filter((text) => text !== false)
  const left = others.length > 0 ? ` Not counted: ${others.join(', ')}.` : ''
  return `${grouped(taking)} of ${more ? 'the first ' : ''}${grouped(nodes.nodes)} nodes schedulable.${left}`
}

/** @returns latencies in words: `Typically 4 ms, at most 35 ms` */
export const latencyText = ({ median, slowest }: Latency): string =>
  ms(median) === ms(slowest) ? ms(median) : `Typically ${ms(median)}, at most ${ms(slowest)}`

function ms(value: number): string {
  if (value >= 1_000) return `${grouped(value / 1_000)} s`
  return value < 1 ? 'under 1 ms' : `${Math.round(value)} ms`
}
