import 'server-only'
import { headers } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import type { UseCase } from '#lib/kernel/define/use-case.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { SpacePermission } from '#lib/kernel/model/people/permission.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'
import { actionContext } from './action-context.ts'
import { parseForm } from './parse-form.ts'
import { runForm } from './run-form.ts'
import { type InTurn, runInTurn } from './run-in-turn.ts'
import { describeFailure } from './run-safely.ts'

/** Proxies end requests that take long, and with a slow cluster each thing can take more than a second. */
const longestMs = 10_000

type Spec<P, I, O> = {
  name: SpacePermission
  input: z.ZodType<P>
  useCase: UseCase<I, O>
  /** The use case’s inputs, at least one. */
  each: (form: P) => readonly I[]
  /** The field that names the things. */
  field: string
  isAboutOne: (error: AppError) => boolean
  /** The message after all were changed. */
  succeeded: (outputs: readonly O[]) => string
  /** The message if some of several weren’t changed; `why`: the error that stopped the rest, or null. */
  fellShort: (result: InTurn<I, O>, total: number, why: string | null) => string
  /** Runs if anything was changed. */
  after: () => void
}

/**
 * Creates a server action that runs a use case for several things that a form names in one field, one after the other.
 * The use case authorizes and records each one separately, and each counts as one action of the person. An error that
 * isn’t about one thing stops the rest; if nothing was changed by then, it is the form’s error.
 */
export const severalAction =
  <P, I, O>({ name, input, useCase: change, each, field, isAboutOne, ...spec }: Spec<P, I, O>) =>
  async (_previous: ActionState, form: FormData): Promise<ActionState> =>
    runForm(name, form, async () => {
      const ctx = await actionContext()
      const started = performance.now()
      const inputs = each(parseForm(input, form))
      const run = async (one: I) => {
        if (one === inputs[0]) return change(ctx, one)
        if (performance.now() - started > longestMs)
          throw new AppError('busy', { sentence: 'This takes too long. Try the rest again.' })
        // A session can end between two actions.
        return change(await actionContext(), one)
      }
      const result = await runInTurn(inputs, run, isAboutOne)
      const { done, refused, stop } = result
      const [first] = refused
      if (done.length > 0) spec.after()
      if (stop) {
        unstable_rethrow(stop.error)
        if (done.length === 0) throw stop.error
        const failure = describeFailure(stop.error, requestOrigin(await headers()).requestId, name)
        return { ...failure, message: spec.fellShort(result, inputs.length, failure.message) }
      }
      if (!first) return { status: 'ok' as const, message: spec.succeeded(done.map(({ output }) => output)) }
      if (inputs.length === 1) throw first.error
      const sentence = spec.fellShort(result, inputs.length, null)
      throw new AppError(first.error.code, { sentence, fields: { [field]: sentence } })
    })
