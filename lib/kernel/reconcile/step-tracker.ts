import { saveSteps } from '#lib/kernel/db/spaces/space-row.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Step, StepName } from '#lib/kernel/model/spaces/space-status.ts'
import { moveStep, waitingSteps } from '#lib/kernel/model/spaces/step-list.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/** A step that finishes within this time isn't written separately: the end of the reconcile writes them all. */
const showAfterMs = 150

export type StepTracker = {
  /** Runs a step. Records an expected failure on the step, and rethrows every error. */
  run<T>(name: StepName, work: () => Promise<T>): Promise<T>
  steps(): Step[]
  stop(): Promise<void>
}

/** Tracks the steps of one reconcile, and shows them on the space's page if they take long. */
export function trackSteps(ctx: SystemContext, spaceId: string, names: readonly StepName[]): StepTracker {
  let steps = waitingSteps(names)
  let shown: Step[] | undefined = steps
  let writing = Promise.resolve()
  const timer = setInterval(() => {
    if (shown === steps) return
    shown = steps
    writing = writing
      .then(() => saveSteps(ctx.db, spaceId, steps))
      .catch((error: unknown) => {
        shown = undefined
        ctx.log.warn({ error, spaceId }, 'could not save the steps')
      })
  }, showAfterMs)
  return {
    async run(name, work) {
      steps = moveStep(steps, name, 'running', ctx.clock())
      try {
        const result = await work()
        steps = moveStep(steps, name, 'done', ctx.clock())
        return result
      } catch (error) {
        if (isAppError(error))
          steps = moveStep(steps, name, 'failed', ctx.clock(), { code: error.code, message: error.sentence })
        throw error
      }
    },
    steps: () => steps,
    async stop() {
      clearInterval(timer)
      await writing
    },
  }
}
