import 'server-only'
import { z } from 'zod'
import { workloadPath } from '#lib/features/audit/model/workload-api.ts'
import { cronJobSchema, renderRunNow } from '#lib/features/spaces/model/cron-job.ts'
import { workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { changeObject, readObject } from './change-object.ts'

const cronJob = {
  space: spaceKey,
  of: workloadRef.refine(({ kind }) => kind === 'CronJob', 'Name a CronJob.'),
  /** Of the CronJob that the person saw. */
  uid: z.uuid(),
}
export const runNowInput = z.strictObject(cronJob)
export const suspendInput = z.strictObject({ ...cronJob, suspend: z.boolean() })

/**
 * Starts a Job from a CronJob’s template, as `kubectl create job --from=cronjob/…` does.
 * @throws AppError not_found, forbidden; as changeObject
 */
export async function runNow(ctx: CallerContext, { space, of, uid }: z.infer<typeof runNowInput>): Promise<void> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const found = await readObject(ctx, { cluster, path: workloadPath(namespace, of) }, cronJobSchema)
  if (found.metadata.uid !== uid) throw new AppError('object_changed')
  await changeObject(ctx, {
    cluster,
    path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
    method: 'POST',
    body: { type: 'application/json', content: renderRunNow(found, ctx.now) },
  })
}

/**
 * Suspends or resumes a CronJob.
 * @throws AppError not_found, forbidden; as changeObject
 */
export async function suspendCronJob(ctx: CallerContext, asked: z.infer<typeof suspendInput>): Promise<void> {
  const { of, uid, suspend } = asked
  const { cluster, namespace } = await locateSpace(ctx, asked.space)
  await changeObject(ctx, {
    cluster,
    path: workloadPath(namespace, of),
    method: 'PATCH',
    body: {
      type: 'application/json-patch+json',
      content: [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'add', path: '/spec/suspend', value: suspend },
      ],
    },
  })
}
