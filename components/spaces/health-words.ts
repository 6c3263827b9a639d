import {
  type HealthFilter,
  healthStateOf,
  healthStates,
  type SpaceHealth,
} from '#lib/kernel/model/spaces/space-health.ts'
import type { PlacedWorkload } from '#lib/kernel/model/spaces/space-inside.ts'
import { problemInWords } from './problem-words.ts'

export const healthFilterLabels: Readonly<Record<HealthFilter, string>> = {
  attention: 'Needs attention',
  failing: 'Failing',
  quota: 'Waiting for quota',
  starting: 'Not ready',
}

/** @returns what is wrong inside a space, in a few words: "4 failing" */
export function healthInWords({ state, workloads }: SpaceHealth): string {
  if (state === 'quota') return healthFilterLabels.quota
  return `${workloads} ${healthFilterLabels[state].toLowerCase()}`
}

/** @returns what is wrong with how many workloads, worst first: "2 failing, 1 not ready"; empty if nothing is */
export function troublesInWords(workloads: readonly Pick<PlacedWorkload, 'problem'>[]): string {
  const states = workloads.flatMap(({ problem }) => (problem ? [healthStateOf(problem)] : []))
  return healthStates
    .map((state) => ({ state, count: states.filter((each) => each === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${healthFilterLabels[state].toLowerCase()}`)
    .join(', ')
}

/** @returns "Deployment web: Crashing (5 restarts)" */
export const worstInWords = ({ problem }: SpaceHealth): string =>
  `${problem.workload.kind} ${problem.workload.name}: ${problemInWords(problem)}`
