import 'server-only'
import { z } from 'zod'
import { workloadPath } from '#lib/features/audit/model/workload-api.ts'
import { canRestart, canScale, type WorkloadRef, workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { AppError, type ErrorCode } from '#lib/kernel/model/errors.ts'
import { type SpaceKey, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { askGateway, type GatewayAsk } from './ask-gateway.ts'

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

/** Messages for people by status; where the gateway or the API server explains more, its own message is shown. */
const codes: Readonly<Record<number, ErrorCode>> = { 404: 'object_gone', 409: 'object_changed', 429: 'rate_limited' }

/**
 * Changes an object of a space through the gateway, as the person; the gateway authorizes and records.
 * @throws AppError not_found, forbidden; object_gone, object_changed, change_refused, rate_limited, cluster_failed; as
 *   askGateway
 */
async function change(
  ctx: CallerContext,
  { space, of }: { space: SpaceKey; of: WorkloadRef },
  asked: Pick<GatewayAsk, 'method' | 'body'> & { subresource?: 'scale' },
): Promise<void> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const { subresource, ...request } = asked
  const path = `${workloadPath(namespace, of)}${subresource ? `/${subresource}` : ''}`
  const answer = await askGateway(ctx, { cluster, path, ...request })
  if (answer.ok) return void answer.body.resume()
  const { status, message } = answer
  const known = codes[status]
  if (known) throw new AppError(known, { detail: message })
  if (status >= 500) throw new AppError('cluster_failed', { detail: message, sentence: message })
  throw new AppError('change_refused', { detail: message, sentence: message })
}
