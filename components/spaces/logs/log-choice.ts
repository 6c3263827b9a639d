import { type EndedRun, endedRun } from '#lib/features/spaces/model/ended-run.ts'
import { type LogSource, maxLogSources } from '#lib/features/spaces/model/log-stream.ts'
import type { PlacedWorkload, Pod } from '#lib/kernel/model/spaces/space-inside.ts'

/** Nobody looks through more; those with a problem are first. */
const maxOptions = 500

/** What the page’s address may say. */
type Asked = { of?: string | undefined; container?: string | undefined }

/** What one can choose, and what is chosen. */
export type LogChoice = {
  /** `of` of the address: `Deployment/web` for all its pods, `Pod/web-0` for one. */
  options: { value: string; label: string }[]
  of: string
  containers: string[]
  /** Empty: all of them. */
  container: string
  sources: LogSource[]
  /** How many containers are not shown, because there are too many. */
  left: number
  /** A run of what is chosen that ended; null: none has. */
  ended: EndedRun | null
}

/**
 * @param workloads those with a problem first
 * @returns what the address asks for, or else what most likely is looked for; null: there are no pods
 */
export function chooseLogs(workloads: readonly PlacedWorkload[], query: Asked): LogChoice | null {
  const running = workloads.filter(({ pods }) => pods.length > 0)
  const groups = running.flatMap(({ kind, name, pods }) => [
    ...(kind === 'Pod' ? [] : [{ value: `${kind}/${name}`, label: `${name}: ${countPods(pods.length)}`, pods }]),
    ...pods.map((pod) => ({
      value: `Pod/${pod.name}`,
      label: kind === 'Pod' ? pod.name : `\u2003${pod.name}`,
      pods: [pod],
    })),
  ])
  const chosen = groups.find(({ value }) => value === query.of) ?? groups[0]
  if (!chosen) return null
  const containers = [...new Set(chosen.pods.flatMap(allContainers))]
  const container = containers.includes(query.container ?? '') ? (query.container ?? '') : ''
  const all = chosen.pods.flatMap((pod) => sourcesOf(pod, container))
  return {
    options: groups
      .filter((group, at) => at < maxOptions || group === chosen)
      .map(({ value, label }) => ({ value, label })),
    of: chosen.value,
    containers,
    container,
    sources: all.slice(0, maxLogSources),
    left: Math.max(0, all.length - maxLogSources),
    ended: endedRun(chosen.pods.filter(({ problem }) => container === '' || problem?.container === container)),
  }
}

/** @returns what is chosen, in words: `web-0, container main` */
export const logTitle = ({ of, container }: Pick<LogChoice, 'of' | 'container'>): string =>
  of.replace(/^\w+\//, '') + (container && `, container ${container}`)

const countPods = (count: number) => (count === 1 ? '1 pod' : `all ${count} pods`)

const allContainers = ({ initContainers, containers }: Pod): string[] => [...initContainers, ...containers]

const sourcesOf = (pod: Pod, only: string): LogSource[] =>
  allContainers(pod)
    .filter((one) => only === '' || one === only)
    .map((container) => ({ pod: pod.name, container }))
