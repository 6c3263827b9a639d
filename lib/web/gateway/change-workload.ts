import 'server-only'
import { z } from 'zod'
import { workloadPath } from '#lib/features/audit/model/workload-api.ts'
import { canRestart, canScale, type WorkloadRef, workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { type SpaceKey, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import type { GatewayAsk } from './ask-gateway.ts'
import { changeObject } from './change-object.ts'

/** More than any quota allows. */
const maxReplicas = 1_000

export const restartInput = z.strictObject({
  space: spaceKey,
  of: workloadRef.refine(({ kind }) => canRestart(kind), 'This kind can’t be restarted.'),
})
export const scaleInput = z.strictObject({
  space: spaceKey,
  of: workloadRef.refine(({ kind }) => canScale(kind), 'This kind can’t be scaled.'),
  replicas: z.int().min(0).max(maxReplicas, `At most ${maxReplicas}.`),
})
export const deletePodInput = z.strictObject({
  space: spaceKey,
  of: workloadRef.refine(({ kind }) => kind === 'Pod', 'Name a pod.'),
  /** Of the pod that the person saw, so that a new pod with the same name is kept. */
  uid: z.uuid(),
})

/**
 * Replaces a workload’s pods, as `kubectl rollout restart` does: with a new annotation in their template.
 * @throws AppError as change
 */
export const restartWorkload = (ctx: CallerContext, asked: z.infer<typeof restartInput>): Promise<void> =>
  change(ctx, asked, {
    method: 'PATCH',
    body: {
      type: 'application/merge-patch+json',
      content: {
        spec: {
          template: {
            metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': ctx.now.toISOString() } },
          },
        },
      },
    },
  })

/**
 * Changes a workload’s number of pods, as `kubectl scale` does.
 * @throws AppError as change
 */
export const scaleWorkload = (ctx: CallerContext, { replicas, ...asked }: z.infer<typeof scaleInput>): Promise<void> =>
  change(ctx, asked, {
    method: 'PATCH',
    subresource: 'scale',
    body: { type: 'application/merge-patch+json', content: { spec: { replicas } } },
  })

/**
 * Deletes the pod with this uid, within its grace period.
 * @throws AppError as change
 */
export const deletePod = (ctx: CallerContext, { uid, ...asked }: z.infer<typeof deletePodInput>): Promise<void> =>
  change(ctx, asked, {
    method: 'DELETE',
    body: {
      type: 'application/json',
      content: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
    },
  })

/** @throws AppError not_found, forbidden; as changeObject */
async function change(
  ctx: CallerContext,
  { space, of }: { space: SpaceKey; of: WorkloadRef },
  asked: Pick<GatewayAsk, 'method' | 'body'> & { subresource?: 'scale' },
): Promise<void> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const { subresource, ...request } = asked
  const path = `${workloadPath(namespace, of)}${subresource ? `/${subresource}` : ''}`
  await changeObject(ctx, { cluster, path, ...request })
}
