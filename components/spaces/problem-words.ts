import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { Problem, ProblemKind } from '#lib/kernel/model/spaces/pod-problem.ts'
import { quotaRefusalInWords } from './quota-refusal.ts'

const words: Readonly<Record<ProblemKind, string>> = {
  quota: 'Quota used up',
  refused: 'Pods are refused',
  image: 'Image can’t be pulled',
  configuration: 'Configuration is missing',
  crashing: 'Crashing',
  'out-of-memory': 'Out of memory',
  failed: 'Failed',
  evicted: 'Evicted from its node',
  unschedulable: 'No node fits',
  volume: 'Waiting for a volume',
  probe: 'A probe fails',
  'missed-deadline': 'Took too long',
  'stuck-terminating': 'Can’t be deleted',
  'not-ready': 'Not ready',
}

/** @returns whether its text includes the number of restarts */
export const includesRestarts = ({ kind, restarts }: Pick<Problem, 'kind' | 'restarts'>): boolean =>
  restarts > 0 && (kind === 'crashing' || kind === 'out-of-memory')

/** @returns why something doesn’t run, in a few words: "Crashing (5 restarts)" */
export function problemInWords(problem: Pick<Problem, 'kind' | 'restarts'>): string {
  const { kind, restarts } = problem
  return includesRestarts(problem) ? `${words[kind]} (${inNumber(restarts, 'restart')})` : words[kind]
}

/** @returns the cluster's details, as far as they help; empty: none */
export function problemDetail(problem: Problem): string {
  const { kind, message, container } = problem
  if (kind === 'quota') return quotaRefusalInWords(message) || message
  if (kind === 'unschedulable') return whyNoNodeFits(message) || message
  if (kind === 'out-of-memory') return `Container ${container} used more memory than its limit.`
  if (kind !== 'crashing' && kind !== 'failed') return message
  return [endInWords(problem), message].filter((part) => part !== '').join(' ')
}

/**
 * Exit codes with a common meaning: above 128 it is a signal’s number
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02).
 */
const exitCodes: Readonly<Record<number, string>> = {
  0: 'it finished',
  126: 'its command can’t be run',
  127: 'its command wasn’t found',
  137: 'it was killed (SIGKILL)',
  139: 'a segmentation fault (SIGSEGV)',
  143: 'it was asked to stop (SIGTERM)',
}

/** @returns "main ended with exit code 137: it was killed (SIGKILL)."; empty: nothing ended */
export function endInWords({ container, exitCode }: Problem): string {
  if (container === null || exitCode === null) return ''
  const meaning = exitCodes[exitCode]
  return `${container} ended with exit code ${exitCode}${meaning ? `: ${meaning}` : ''}.`
}

/**
 * Parts of a scheduler’s message (https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins), in
 * words.
 */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/Insufficient cpu/, 'not enough free CPU'],
  [/Insufficient memory/, 'not enough free memory'],
  [/Insufficient ephemeral-storage/, 'not enough free disk'],
  [/Insufficient (\S+\/\S+?)[.,]/, 'not enough free $1'],
  [/Too many pods/, 'too many pods'],
  [/didn't match Pod's node affinity\/selector/, 'its node selector or affinity doesn’t match'],
  [/untolerated taint/, 'it doesn’t tolerate their taints'],
  [/didn't match pod (anti-)?affinity rules/, 'its affinity rules about other pods'],
  [/didn't match pod topology spread constraints/, 'its topology spread constraints can’t be met'],
  [/unschedulable/, 'they don’t accept new pods'],
  [/free ports/, 'its host ports are taken'],
]

/**
 * @param message "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {…}. preemption: …"
 * @returns "No node fits (3 in total): not enough free CPU; it doesn’t tolerate their taints"; empty if nothing in it is
 * known
 */
function whyNoNodeFits(message: string): string {
  const [, all = ''] = /^0\/(\d+) nodes are available/.exec(message) ?? []
  const [about = ''] = message.split(' preemption:')
  const found = reasons.flatMap(([pattern, said]) => {
    const match = pattern.exec(about)
    return match ? [said.replace('$1', match[1] ?? '')] : []
  })
  if (all === '' || found.length === 0) return ''
  return `${all === '1' ? 'The only node doesn’t fit' : `No node fits (${all} in total)`}: ${found.join('; ')}.`
}
