import { type EndedRun, endedRun } from '#lib/features/spaces/model/ended-run.ts'
import { type LogSource, maxLogSources } from '#lib/features/spaces/model/log-stream.ts'
import type { PlacedWorkload, Pod } from '#lib/kernel/model/spaces/space-inside.ts'

/** The list is ordered by problem, so more than these are never needed. */
const maxOptions = 500

/** The page’s query parameters. */
type LogQueryParams = { of?: string | undefined; container?: string | undefined }

/** The options, and the chosen ones. */
export type LogChoice = {
  /** `of` in the query: `Deployment/web` for all its pods, `Pod/web-0` for one. */
  options: { value: string; label: string }[]
  of: string
  containers: string[]
  /** Empty: all of them. */
  container: string
  sources: LogSource[]
  /** How many containers are not shown because there are too many. */
  left: number
  /** An ended run of the chosen container; null: none. */
  ended: EndedRun | null
}

/**
 * @param workloads those with a problem first
 * @returns what the query asks for, or else the most likely choice; null: there are no pods
 */
export function chooseLogs(workloads: readonly PlacedWorkload[], query: LogQueryParams): LogChoice | null {
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

/** @returns the choice in words: `web-0, container main` */
export const logTitle = ({ of, container }: Pick<LogChoice, 'of' | 'container'>): string =>
  of.replace(/^\w+\//, '') + (container && `, container ${container}`)

const countPods = (count: number) => (count === 1 ? '1 pod' : `all ${count} pods`)

const allContainers = ({ initContainers, containers }: Pod): string[] => [...initContainers, ...containers]

const sourcesOf = (pod: Pod, only: string): LogSource[] =>
  allContainers(pod)
    .filter((one) => only === '' || one === only)
    .map((container) => ({ pod: pod.name, container }))
