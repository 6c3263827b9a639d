import 'server-only'
import { headers } from 'next/headers'
import { z } from 'zod'
import { type ChosenSpace, type SpaceOutcome, spacesPerBatch } from '#lib/features/spaces/model/space-choice.ts'
import type { UseCase } from '#lib/kernel/define/use-case.ts'
import type { ActionState } from '#lib/kernel/model/action-state.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { SpacePermission } from '#lib/kernel/model/people/permission.ts'
import { whileInactive } from '#lib/kernel/use-case/authorize.ts'
import { requestOrigin } from '#lib/web/request/request-origin.ts'
import { takeActionAllowance } from './action-allowance.ts'
import { actionContext } from './action-context.ts'
import { forEachSpace } from './for-each-space.ts'
import { parseForm } from './parse-form.ts'
import { spaceChoice } from './parse-space-choice.ts'
import { describeFailure, runSafely } from './run-safely.ts'

/** The fields of every bulk action. */
export const bulkForm = z.strictObject({
  /** All selected spaces. */
  spaces: spaceChoice,
  /** The first space of this request. */
  from: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
})

/**
 * Creates a server action that runs a use case for several spaces, a few per call. The use case authorizes and records
 * each one separately, and each counts as one action of the person.
 * @param each the use case’s input for one space
 * @param after runs after the last space
 */
export const bulkAction =
  <P extends z.infer<typeof bulkForm>, I>({
    name,
    input,
    useCase: run,
    each,
    after,
  }: {
    name: SpacePermission
    input: z.ZodType<P>
    useCase: UseCase<I, unknown>
    each: (space: ChosenSpace, form: P) => I
    after: () => void
  }): ((previous: ActionState<SpaceOutcome[]>, form: FormData) => Promise<ActionState<SpaceOutcome[]>>) =>
  async (_previous, form) =>
    runSafely(name, async () => {
      const ctx = await actionContext()
      const inactive = whileInactive(ctx)
      if (inactive.sentence) throw new AppError('forbidden', inactive)
      const parsed = parseForm(input, form)
      const { requestId } = requestOrigin(await headers())
      const end = parsed.from + spacesPerBatch
      const [first, ...others] = parsed.spaces.slice(parsed.from, end)
      if (!first) throw new AppError('bad_input', { fields: { from: 'There is no such space.' } })
      const data = await forEachSpace(
        [first, ...others],
        async (space) => {
          // The request already counted the first one.
          if (space !== first) await takeActionAllowance(ctx.actor.userId)
          await run(ctx, each(space, parsed))
        },
        (error) => {
          const failure = describeFailure(error, requestId, name)
          return (failure.status === 'error' && Object.values(failure.fields)[0]) || failure.message
        },
      )
      if (end >= parsed.spaces.length) after()
      return { status: 'ok' as const, data }
    })
