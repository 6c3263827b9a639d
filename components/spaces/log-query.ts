import { endedRun } from '#lib/features/spaces/model/ended-run.ts'
import type { PlacedWorkload, Pod } from '#lib/kernel/model/spaces/space-inside.ts'

/** The query of the log page: all pods of a workload, or one run of one container. */
export type LogQuery = { of: string; container?: string; previous?: 'true' }

/** @returns the logs of a workload; of one with a crashed container, the run that ended */
export const logQueryOf = ({ kind, name, pods }: Pick<PlacedWorkload, 'kind' | 'name' | 'pods'>): LogQuery =>
  endedQuery(pods) ?? { of: `${kind}/${name}` }

/** @returns the same for a pod */
export const podLogQuery = (pod: Pod): LogQuery => endedQuery([pod]) ?? { of: `Pod/${pod.name}` }

function endedQuery(pods: readonly Pod[]): LogQuery | null {
  const ended = endedRun(pods)
  if (!ended) return null
  const { pod, container, previous } = ended
  return { of: `Pod/${pod}`, container, ...(previous && { previous: 'true' }) }
}
