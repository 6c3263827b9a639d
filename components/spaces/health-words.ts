import type { HealthFilter, SpaceHealth } from '#lib/kernel/model/spaces/space-health.ts'
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
  return `${workloads} ${state === 'failing' ? 'failing' : 'not ready'}`
}

/** @returns "Deployment web: Crashing (5 restarts)" */
export const worstInWords = ({ problem }: SpaceHealth): string =>
  `${problem.workload.kind} ${problem.workload.name}: ${problemInWords(problem)}`
