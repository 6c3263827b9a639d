import type { LoadedSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { saveDeleted, saveFailure } from '#lib/kernel/db/spaces/save-observed.ts'
import { type ErrorCode, isAppError } from '#lib/kernel/model/errors.ts'
import { annotations } from '#lib/kernel/model/spaces/cluster-names.ts'
import { deleteSteps, type Step, stepLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { moveStep, waitingSteps } from '#lib/kernel/model/spaces/step-list.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { deleteNamespace } from '#lib/kube/objects/delete-namespace.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import type { Reconciled } from './reconciled.ts'

/** The namespace controller takes five seconds for an empty namespace; only longer waits need an explanation. */
const usualMs = 15_000

/** Long waits are checked less often: the worker notices the namespace's end anyway (lib/worker/watch-drift.ts). */
const recheckSeconds = (lastedMs: number) => Math.min(60, Math.max(2, Math.round(lastedMs / 10_000)))

/**
 * Deletes a space's namespace by UID, never another of the same name.
 * @returns settled once it is gone
 */
export async function reconcileDeletion(ctx: SystemContext, loaded: LoadedSpace): Promise<Reconciled> {
  const { wanted } = loaded
  let steps = waitingSteps(deleteSteps)
  const started = startOf(loaded.steps) ?? ctx.clock()
  try {
    const cluster = ctx.clusters.get(loaded.cluster)
    const found = await findNamespace(cluster, wanted.namespace)
    const ours =
      found &&
      (loaded.namespaceUid
        ? found.uid === loaded.namespaceUid
        : found.annotations[annotations.creation] === wanted.creation)
    if (!ours) {
      steps = moveStep(moveStep(steps, 'delete', 'done', started), 'gone', 'done', ctx.clock())
      await saveDeleted(ctx.db, wanted.id, steps, ctx.clock())
      return { settled: true }
    }
    if (!found.terminating) await deleteNamespace(cluster, wanted.namespace, found.uid)
    steps = moveStep(moveStep(steps, 'delete', 'done', started), 'gone', 'running', ctx.clock())
    const message =
      found.blockers.length > 0 && lastedMs(ctx, started) > usualMs
        ? found.blockers.join(' ')
        : 'The cluster is removing everything in the namespace.'
    await keep(ctx, loaded, 'cluster_busy', message, steps)
    return { settled: false, code: 'cluster_busy', message, again: recheckSeconds(lastedMs(ctx, started)) }
  } catch (error) {
    if (!isAppError(error)) throw error
    const step = error.code === 'cluster_conflict' ? 'gone' : 'delete'
    steps = moveStep(steps, step, 'failed', ctx.clock(), { code: error.code, message: error.sentence })
    const message = `${stepLabels[step]}: ${error.sentence}`
    await keep(ctx, loaded, error.code, message, steps)
    return { settled: false, code: error.code, message, again: null }
  }
}

const keep = (ctx: SystemContext, { wanted }: LoadedSpace, code: ErrorCode, message: string, steps: Step[]) =>
  saveFailure(ctx.db, wanted.id, { code, message, steps, namespaceUid: null, broken: false, at: ctx.clock() })

const lastedMs = (ctx: SystemContext, started: Date) => ctx.clock().getTime() - started.getTime()

/** When the deletion was first seen to have started, from which waits are measured. */
function startOf(steps: readonly Step[]): Date | null {
  const first = steps.find((step) => step.name === 'delete' && step.state === 'done')
  return first?.at ? new Date(first.at) : null
}
