import { z } from 'zod'
import { workloadApi } from '#lib/features/audit/model/workload-api.ts'
import { type CronRun, instantiated, type Schedule } from '#lib/features/spaces/model/cron-job.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { stateOfJob, workloadSchema } from './list-workloads.ts'

/** Of a whole namespace: Jobs can’t be selected by their owner. */
const maxListed = 500

const scheduleSchema = z.object({
  kind: z.literal('CronJob'),
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ schedule: z.string(), timeZone: z.string().nullish(), suspend: z.boolean().default(false) }),
})

const { metadata, status } = workloadSchema.shape
const jobSchema = workloadSchema.extend({
  metadata: metadata.extend({
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
  status: status
    .unwrap()
    .extend({ startTime: z.string().default(''), completionTime: z.string().optional() })
    .prefault({}),
})

/**
 * Reads a CronJob's schedule and Jobs, as a person.
 * @param object the workload
 * @returns null: it is no CronJob
 * @throws AppError forbidden; cluster_*
 */
export async function readSchedule(
  cluster: Cluster,
  as: AsPerson,
  namespace: string,
  object: unknown,
): Promise<Schedule | null> {
  const cron = scheduleSchema.safeParse(object)
  if (!cron.success) return null
  const { metadata, spec } = cron.data
  const { apiVersion, resource } = workloadApi('Job')
  const path = collectionPath(apiVersion, resource, namespace)
  const jobs = await listAll(cluster, { path, query: { resourceVersion: '0' }, as, max: maxListed }, jobSchema)
  return {
    schedule: spec.schedule,
    timeZone: spec.timeZone ?? '',
    suspended: spec.suspend,
    runs: jobs
      .filter((job) => job.metadata.ownerReferences.some(({ uid }) => uid === metadata.uid))
      .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))
      .map(runOf),
  }
}

function runOf(job: z.infer<typeof jobSchema>): CronRun {
  const { startTime, completionTime, conditions } = job.status
  const failed = conditions.find(({ type, status }) => type === 'Failed' && status === 'True')
  const ended = completionTime ?? failed?.lastTransitionTime
  return {
    name: job.metadata.name,
    status: stateOfJob(job).status,
    manual: job.metadata.annotations[instantiated] === 'manual',
    startedAt: startTime,
    seconds: ended && startTime ? Math.max(0, Math.round((Date.parse(ended) - Date.parse(startTime)) / 1_000)) : null,
  }
}
