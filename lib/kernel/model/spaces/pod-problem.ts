/** Problems of workloads, most urgent first. */
export const problemKinds = [
  'quota',
  'refused',
  'image',
  'configuration',
  'crashing',
  'out-of-memory',
  'failed',
  'evicted',
  'unschedulable',
  'volume',
  'probe',
  'missed-deadline',
  'stuck-terminating',
  'not-ready',
] as const
export type ProblemKind = (typeof problemKinds)[number]

export type Problem = {
  kind: ProblemKind
  /** The cluster's message; empty: none. At most 1,000 characters. */
  message: string
  /** The container; null: not about a particular one. */
  container: string | null
  restarts: number
  /** Its last exit code; null: it didn’t exit, or the cluster doesn’t say. */
  exitCode: number | null
  /** The run of the container that ended, as logs name it; null: none. */
  ended: 'this run' | 'previous run' | null
}

type Termination = {
  exitCode: number
  reason: string
  message: string
  /** ISO 8601, UTC; null: the cluster doesn’t say. */
  finishedAt: string | null
}
/** A container’s status (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). */
export type ContainerState = {
  name: string
  ready: boolean
  restarts: number
  waiting: { reason: string; message: string } | null
  terminated: Termination | null
  lastTerminated: Termination | null
}

export type PodState = {
  phase: string
  /** Of the whole pod: `Evicted`. */
  reason: string
  message: string
  /** The end of its grace period, ISO 8601, UTC; null: it isn't being deleted. */
  deletedAt: string | null
  /** The scheduler's message while it finds no node; null: it isn’t looking for one, or hasn’t failed. */
  unschedulable: string | null
  /** Since when it isn't ready, ISO 8601, UTC, and the cluster’s reason, which may be empty; null: it is. */
  unready: { since: string; message: string } | null
  containers: readonly ContainerState[]
}

const maxMessage = 1_000

/** Reasons of `state.waiting` (https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go). */
const imageReasons = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])
const configurationReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
])

/**
 * How long (ms) a restarted container counts as crashing after a failure, because it may run briefly before it fails
 * again.
 */
const crashMemoryMs = 600_000

/** How late a deletion may be before it counts as stuck, in ms. */
const terminationPatienceMs = 60_000

/** How long a pod may take to become ready, in ms. */
const readyPatienceMs = 120_000

/** @returns the worst problem of a pod; null: none that it reports itself */
export function podProblem(pod: PodState, now: Date): Problem | null {
  if (pod.phase === 'Succeeded') return null
  if (pod.deletedAt !== null) {
    const late = now.getTime() - Date.parse(pod.deletedAt) > terminationPatienceMs
    return late ? problemOf('stuck-terminating', pod.message) : null
  }
  const found = [
    ...pod.containers.map((container) => containerProblem(container, pod.phase, now)),
    ownProblem(pod, now),
  ]
  return worstOf(found.filter((problem) => problem !== null))
}

/** @returns the most urgent problem; among equals, the one with the most restarts; null: there are none */
export function worstOf(problems: readonly Problem[]): Problem | null {
  const rank = ({ kind }: Problem) => problemKinds.indexOf(kind)
  return problems.reduce<Problem | null>((worst, one) => {
    if (worst === null || rank(one) < rank(worst)) return one
    return rank(one) === rank(worst) && one.restarts > worst.restarts ? one : worst
  }, null)
}

export function problemOf(kind: ProblemKind, message = ''): Problem {
  return { kind, message: message.slice(0, maxMessage), container: null, restarts: 0, exitCode: null, ended: null }
}

function ownProblem({ phase, reason, message, unschedulable, unready }: PodState, now: Date): Problem | null {
  if (phase === 'Failed') return problemOf(reason === 'Evicted' ? 'evicted' : 'failed', message)
  if (unschedulable === null) {
    const late = unready !== null && now.getTime() - Date.parse(unready.since) > readyPatienceMs
    return late ? problemOf('not-ready', unready.message) : null
  }
  return problemOf(waitsForVolume(unschedulable) ? 'volume' : 'unschedulable', unschedulable)
}

/** @param message of the scheduler: "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims." */
const waitsForVolume = (message: string): boolean => /persistentvolumeclaim|volume node affinity/i.test(message)

function containerProblem(container: ContainerState, phase: string, now: Date): Problem | null {
  const { waiting, terminated, lastTerminated } = container
  const last = terminated ?? lastTerminated
  const about = (kind: ProblemKind, message: string): Problem => ({
    ...problemOf(kind, message),
    container: container.name,
    restarts: container.restarts,
    exitCode: last?.exitCode ?? null,
    ended: terminated ? 'this run' : last ? 'previous run' : null,
  })
  if (waiting && imageReasons.has(waiting.reason)) return about('image', waiting.message)
  if (waiting && configurationReasons.has(waiting.reason)) return about('configuration', waiting.message)
  if (!isCrashing(container, now)) return null
  if (last?.reason === 'OOMKilled') return about('out-of-memory', '')
  // A failed pod doesn't restart.
  return about(phase === 'Failed' ? 'failed' : 'crashing', last?.message ?? '')
}

function isCrashing({ ready, waiting, terminated, lastTerminated }: ContainerState, now: Date): boolean {
  if (waiting?.reason === 'CrashLoopBackOff') return true
  if (terminated !== null) return terminated.exitCode !== 0
  if (ready || lastTerminated === null || lastTerminated.exitCode === 0) return false
  return lastTerminated.finishedAt !== null && now.getTime() - Date.parse(lastTerminated.finishedAt) < crashMemoryMs
}
