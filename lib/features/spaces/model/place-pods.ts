import { type Problem, problemOf, worstOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import {
  type PlacedWorkload,
  type Pod,
  type SpaceEvent,
  type Workload,
  workloadKinds,
} from '#lib/kernel/model/spaces/space-inside.ts'
import { requestedIn } from './blocked-by-quota.ts'

type SpaceObjects = {
  workloads: readonly Workload[]
  pods: readonly Pod[]
  /** All, newest first. */
  events: readonly SpaceEvent[]
}

/**
 * Groups pods by workload and Jobs by CronJob, and adds why each does not run.
 * @returns those with a problem first, then by kind and name; a pod without a workload here is a workload of its own
 */
export function placePods({ workloads, pods, events }: SpaceObjects): PlacedWorkload[] {
  const groups = groupPods(workloads, pods)
  const about = newestByObject(events)
  return groups
    .map(({ workload, jobs, pods: own }) => {
      const withProblems = own.map((pod) => ({ ...pod, problem: explained(pod, about) }))
      const names = [workload, ...jobs].map(({ kind, name }) => `${kind}/${name}`)
      const makers = new Set(own.flatMap(({ owner }) => (owner ? [`${owner.kind}/${owner.name}`] : [])))
      const objects = new Set([...names, ...objectsOf({ ...workload, pods: own })])
      return {
        ...workload,
        pods: withProblems,
        problem: problemWith(
          { workload, jobs, pods: withProblems },
          refusalIn(newestOf(jobs) ?? workload, [...names, ...makers], about),
        ),
        warning: events.find(({ type, object }) => type === 'Warning' && objects.has(object)) ?? null,
      }
    })
    .sort(byUrgency)
}

/** @returns what an event about a workload, its pods or their owners is about: `Pod/web-0` */
export const objectsOf = ({ kind, name, pods }: Pick<PlacedWorkload, 'kind' | 'name' | 'pods'>): ReadonlySet<string> =>
  new Set([
    `${kind}/${name}`,
    ...pods.map((pod) => `Pod/${pod.name}`),
    ...(kind === 'Pod' ? [] : pods.flatMap(({ owner }) => (owner ? [`${owner.kind}/${owner.name}`] : []))),
  ])

/** @returns a pod as a workload of its own, whatever created it; null: no such pod */
export function podAlone(workloads: readonly PlacedWorkload[], name: string): PlacedWorkload | null {
  const pod = workloads.flatMap(({ pods }) => pods).find((one) => one.name === name)
  return pod ? { ...ownRow(pod), pods: [pod], problem: pod.problem, warning: null } : null
}

type WorkloadPods = { workload: Workload; jobs: Workload[]; pods: Pod[] }

function groupPods(workloads: readonly Workload[], pods: readonly Pod[]): WorkloadPods[] {
  const groups = new Map<string, WorkloadPods>()
  const aliases = new Map<string, WorkloadPods>()
  const tops = workloads.filter(({ owner }) => owner?.kind !== 'CronJob')
  for (const workload of tops) groups.set(`${workload.kind}/${workload.name}`, { workload, jobs: [], pods: [] })
  for (const job of workloads) {
    if (job.owner?.kind !== 'CronJob') continue
    const cron = groups.get(`CronJob/${job.owner.name}`)
    cron?.jobs.push(job)
    const group = cron ?? { workload: job, jobs: [], pods: [] }
    if (cron === undefined) groups.set(`Job/${job.name}`, group)
    aliases.set(`Job/${job.name}`, group)
  }
  for (const pod of pods) {
    const key = makerOf(pod)
    const group = key === null ? undefined : (groups.get(key) ?? aliases.get(key))
    if (group) group.pods.push(pod)
    else groups.set(`Pod/${pod.name}`, { workload: ownRow(pod), jobs: [], pods: [pod] })
  }
  return [...groups.values()]
}

/** A ReplicaSet's name contains the Deployment's and the pod template's hash, so no list of ReplicaSets is needed. */
function makerOf({ owner, templateHash }: Pod): string | null {
  if (owner === null) return null
  const suffix = `-${templateHash}`
  if (owner.kind === 'ReplicaSet' && templateHash !== null && owner.name.endsWith(suffix)) {
    return `Deployment/${owner.name.slice(0, -suffix.length)}`
  }
  return `${owner.kind}/${owner.name}`
}

function ownRow({ name, ready, image, createdAt, phase, problem, owner }: Pod): Workload {
  const status =
    phase === 'Succeeded' ? 'Complete' : phase === 'Failed' ? 'Failed' : ready ? 'Ready' : ('Starting' as const)
  return { kind: 'Pod', name, owner, ready: ready ? 1 : 0, desired: 1, image, createdAt, status, problem }
}

function problemWith({ workload, jobs, pods }: WorkloadPods, refusal: string | null): Problem | null {
  const { status, ready, desired } = workload
  if (status === 'Complete' || status === 'Scaled to zero' || status === 'Suspended') return null
  const refused = refusal === null ? [] : [problemOf(requestedIn(refusal).size > 0 ? 'quota' : 'refused', refusal)]
  if (status === 'Scheduled' || status === 'Running') return ofRuns(workload, jobs, pods, refused)
  const missing = ready < desired
  const problems = pods
    .filter(({ phase }) => phase !== 'Failed' || missing)
    .flatMap(({ problem }) => (problem ? [problem] : []))
  return worstOf([...refused, ...problems]) ?? workload.problem
}

/** Of pods that run to completion, only the running or latest one counts. */
function ofRuns(
  workload: Workload,
  jobs: readonly Workload[],
  pods: readonly Pod[],
  refused: readonly Problem[],
): Problem | null {
  const newest = newestOf(jobs)
  if (newest?.status === 'Complete') return null
  const own = pods.filter(({ owner }) => newest === null || owner?.name === newest.name)
  const problems = own.flatMap(({ problem }) => (problem ? [problem] : []))
  return worstOf([...refused, ...problems]) ?? (newest ?? workload).problem
}

const newestOf = (jobs: readonly Workload[]): Workload | null =>
  jobs.reduce<Workload | null>((one, job) => (one && one.createdAt >= job.createdAt ? one : job), null)

/** The reasons of events that a pod’s own status lacks. */
const toldReasons = new Set(['FailedMount', 'FailedAttachVolume', 'Unhealthy'])

/** An event explains better than the pod’s own status why it isn’t ready. */
function explained(pod: Pod, about: ReadonlyMap<string, readonly SpaceEvent[]>): Problem | null {
  if (pod.problem !== null && pod.problem.kind !== 'not-ready') return pod.problem
  return problemFromEvents(pod, about) ?? pod.problem
}

function problemFromEvents(
  { name, phase, ready }: Pod,
  about: ReadonlyMap<string, readonly SpaceEvent[]>,
): Problem | null {
  if (ready || phase === 'Succeeded' || phase === 'Failed') return null
  const event = about.get(`Pod/${name}`)?.find(({ type, reason }) => type === 'Warning' && toldReasons.has(reason))
  if (event === undefined) return null
  if (event.reason === 'Unhealthy') return problemOf('probe', event.message)
  const missing = /(configmap|secret|references non-existent (config|secret) key)/i.test(event.message)
  return problemOf(missing ? 'configuration' : 'volume', event.message)
}

/** @returns the cluster's last reason why no pod can be created; null: none */
function refusalIn(
  { ready, desired, problem }: Workload,
  names: readonly string[],
  about: ReadonlyMap<string, readonly SpaceEvent[]>,
): string | null {
  if (problem?.kind === 'refused') return problem.message
  if (ready >= desired) return null
  const failures = names.flatMap((name) => about.get(name)?.find(({ reason }) => reason.startsWith('Failed')) ?? [])
  const newest = failures.sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1))[0]
  return newest?.reason === 'FailedCreate' ? newest.message : null
}

function newestByObject(events: readonly SpaceEvent[]): ReadonlyMap<string, readonly SpaceEvent[]> {
  return Map.groupBy(events, ({ object }) => object)
}

function byUrgency(a: PlacedWorkload, b: PlacedWorkload): number {
  const urgent = Number(b.problem !== null) - Number(a.problem !== null)
  const kind = workloadKinds.indexOf(a.kind) - workloadKinds.indexOf(b.kind)
  return urgent || kind || (a.name < b.name ? -1 : 1)
}
