import { type Problem, type ProblemKind, worstOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import type { Pod } from '#lib/kernel/model/spaces/space-inside.ts'

/** A run of a container that ended in failure: its log says why. */
export type EndedRun = { pod: string; container: string; previous: boolean; problem: Problem }

const endings = new Set<ProblemKind>(['crashing', 'out-of-memory', 'failed'])

/** @returns the ended run of the pod with the worst problem; null: none */
export function endedRun(pods: readonly Pick<Pod, 'name' | 'problem'>[]): EndedRun | null {
  const found = pods.flatMap(({ name, problem }) => {
    if (!problem || !endings.has(problem.kind) || problem.container === null || problem.ended === null) return []
    const previous = problem.ended === 'previous run'
    return [{ pod: name, container: problem.container, previous, problem }]
  })
  const worst = worstOf(found.map(({ problem }) => problem))
  return found.find(({ problem }) => problem === worst) ?? null
}

/** @returns the container whose log most likely shows the state of a workload; null: none has run yet */
export function mostRelevantRun(pods: readonly Pod[]): Omit<EndedRun, 'problem'> | null {
  const ended = endedRun(pods)
  if (ended) return ended
  const started = pods.filter(({ phase }) => phase !== 'Pending' && phase !== 'Unknown')
  const pod = started.find(({ problem }) => problem !== null) ?? started[0]
  const [container] = pod?.containers ?? []
  return pod && container !== undefined ? { pod: pod.name, container, previous: false } : null
}
