import 'server-only'
import type { z } from 'zod'
import type { UseCase } from '#lib/broker/define/use-case.ts'
import type { ActionState, CallState } from '#lib/domain/action-state.ts'
import type { Permission } from '#lib/domain/permission.ts'
import { actionContext } from './action-context.ts'
import { parseArgument, parseForm } from './parse-form.ts'
import { runSafely } from './run-safely.ts'

/** A use case's row in the permission table, where decisions have one row per kind of request. */
type ActionName = Permission | 'decide-request'
type After<I, O, D> = (output: O, input: I) => Promise<Told<D>> | Told<D> | void | Promise<void>
type Told<D> = { message?: string; data?: D }

/**
 * Makes a server action for a form (`useActionState`) from a use case: check the session and the origin → parse the
 * form strictly → run → state for the form. The use case authorizes.
 * @param name its name in metrics and logs, since the bundler changes the function's own name
 * @param input a zod schema of the form's fields (all text); its output is the use case's input
 * @param after what to show, or where to go (`redirect`, `revalidatePath`), when it is done
 */
export function brokerAction<I, O, D = undefined>({
  name,
  input,
  useCase,
  after,
}: {
  name: ActionName
  input: z.ZodType<I>
  useCase: UseCase<I, O>
  after?: After<I, O, D>
}): (previous: ActionState<D>, form: FormData) => Promise<ActionState<D>> {
  return async (_previous, form) =>
    runSafely(name, async () => {
      const ctx = await actionContext()
      const parsed = parseForm(input, form)
      const output = await useCase(ctx, parsed)
      return { status: 'ok' as const, ...(await after?.(output, parsed)) }
    })
}

/**
 * As brokerAction, for calls with a plain argument instead of a form: a live check of a name, a search.
 * @returns an action whose result is the use case's, or what went wrong
 */
export function brokerCall<I, O>({
  name,
  input,
  useCase,
}: {
  name: ActionName
  input: z.ZodType<I>
  useCase: UseCase<I, O>
}): (argument: unknown) => Promise<CallState<O>> {
  return async (argument) =>
    runSafely(name, async () => {
      const ctx = await actionContext()
      return { status: 'ok' as const, data: await useCase(ctx, parseArgument(input, argument)) }
    })
}
