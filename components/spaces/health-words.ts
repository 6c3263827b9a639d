import type { SpaceHealth } from '#lib/kernel/model/spaces/space-health.ts'
import { problemInWords } from './problem-words.ts'

/** @returns what is wrong inside a space, in a few words: "4 failing" */
export function healthInWords({ state, workloads }: SpaceHealth): string {
  if (state === 'quota') return 'Waiting for quota'
  return `${workloads} ${state === 'failing' ? 'failing' : 'not ready'}`
}

/** @returns "Deployment web: Crashing (5 restarts)" */
export const worstInWords = ({ problem }: SpaceHealth): string =>
  `${problem.workload.kind} ${problem.workload.name}: ${problemInWords(problem)}`
