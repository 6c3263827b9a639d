/** The Jobs of a CronJob, and a Job that runs it now. */
import { z } from 'zod'
import type { WorkloadStatus } from '#lib/kernel/model/spaces/space-inside.ts'

/** A Job that a CronJob, or a person with it, started. */
export type CronRun = {
  name: string
  status: WorkloadStatus
  /** Started by a person, besides the schedule. */
  manual: boolean
  /** ISO 8601, UTC; empty: not started. */
  startedAt: string
  /** Null: it hasn’t ended. */
  seconds: number | null
}

export type Schedule = {
  /** https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#writing-a-cronjob-spec */
  schedule: string
  /** Empty: the cluster’s. */
  timeZone: string
  suspended: boolean
  /** The newest first. */
  runs: CronRun[]
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-instantiate-annotation */
export const instantiated = 'cronjob.kubernetes.io/instantiate'

const texts = z.record(z.string(), z.string()).nullish()

export const cronJobSchema = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({
    jobTemplate: z.object({
      metadata: z.object({ labels: texts, annotations: texts }).nullish(),
      spec: z.looseObject({}),
    }),
  }),
})

/** A Job’s name may have 63 characters, and a CronJob’s 52. */
const keptName = 46

/**
 * @param now part of the Job’s name, in milliseconds
 * @returns the Job that `kubectl create job --from=cronjob/…` creates
 */
export function renderRunNow({ metadata, spec }: z.infer<typeof cronJobSchema>, now: Date): Record<string, unknown> {
  const { labels, annotations } = spec.jobTemplate.metadata ?? {}
  const kept = metadata.name.slice(0, keptName).replace(/[.-]+$/, '')
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${kept}-manual-${now.getTime().toString(36)}`,
      labels: labels ?? {},
      annotations: { ...annotations, [instantiated]: 'manual' },
      // Without blockOwnerDeletion, which needs a right on cronjobs/finalizers.
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true },
      ],
    },
    spec: spec.jobTemplate.spec,
  }
}
