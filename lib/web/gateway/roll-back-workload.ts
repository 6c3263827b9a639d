import 'server-only'
import { z } from 'zod'
import { workloadPath } from '#lib/features/audit/model/workload-api.ts'
import { digestOf } from '#lib/features/spaces/model/pod-template.ts'
import {
  ownsRevision,
  renderRollBack,
  revisedSchema,
  revisionsPath,
  storedRevision,
} from '#lib/features/spaces/model/roll-back.ts'
import { canRestart, objectName, workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { changeObject, readObject } from './change-object.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

export const rollBackInput = z.strictObject({
  space: spaceKey,
  of: workloadRef.refine(({ kind }) => canRestart(kind), 'This kind can’t be rolled back.'),
  /** The ReplicaSet or ControllerRevision: `web-5d9c7b`. */
  revision: objectName,
  /** Of the templates that the person saw: the workload’s, and the revision’s. */
  from: digest,
  to: digest,
})

const revisionGone = 'This revision no longer exists, so nothing was changed. Reload the page.'

/** Controllers write a workload’s status between a read and a change, most often during a rollout. */
const tries = 5

/**
 * Restores the pod template of a revision, as `kubectl rollout undo` does, if both are still as the person saw them.
 * @throws AppError object_gone if the workload or the revision is; object_changed; change_refused if it is paused; as
 *   locateSpace and changeObject
 */
export async function rollBackWorkload(
  ctx: CallerContext,
  { space, of, revision, from, to }: z.infer<typeof rollBackInput>,
): Promise<void> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const path = workloadPath(namespace, of)
  const stored = { cluster, path: `${revisionsPath(namespace, of.kind)}/${revision}` }
  const target = await readObject(ctx, stored, storedRevision).catch((error: unknown) => {
    throw isAppError(error, 'object_gone') ? new AppError('object_gone', { sentence: revisionGone }) : error
  })
  for (let left = tries - 1; ; left--) {
    const workload = await readObject(ctx, { cluster, path }, revisedSchema)
    if (!ownsRevision(workload, target)) throw new AppError('object_gone', { sentence: revisionGone })
    if (digestOf(workload.spec.template) !== from || digestOf(target.template) !== to)
      throw new AppError('object_changed')
    if (workload.spec.paused)
      throw new AppError('change_refused', { sentence: `${of.name} is paused. Resume it before you roll it back.` })
    try {
      return await changeObject(ctx, {
        cluster,
        path,
        method: 'PATCH',
        body: renderRollBack(of.kind, workload, target),
      })
    } catch (error) {
      if (left === 0 || !isAppError(error, 'object_changed')) throw error
    }
  }
}
