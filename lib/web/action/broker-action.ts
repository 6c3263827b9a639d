import 'server-only'
import type { z } from 'zod'
import type { UseCase } from '#lib/kernel/define/use-case.ts'
import type { ActionState, CallState } from '#lib/kernel/model/action-state.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { actionContext } from './action-context.ts'
import { parseArgument, parseForm } from './parse-form.ts'
import { runSafely } from './run-safely.ts'

/** A use case's row in the permission table, where decisions have one row per kind of request. */
type ActionName = Permission | 'decide-request'
type After<I, O, D> = (output: O, input: I) => Promise<Told<D>> | Told<D> | void | Promise<void>
type Told<D> = { message?: string; data?: D }

type FormSpec<I, O, D> = {
  /** In metrics and logs, since the bundler changes the function's own name. */
  name: string
  /** A zod schema of the form's fields (all text); its output is the input of what is run. */
  input: z.ZodType<I>
  /** What to show, or where to go (`redirect`, `revalidatePath`), when it is done. */
  after?: After<I, O, D>
}

type ServerAction<D> = (previous: ActionState<D>, form: FormData) => Promise<ActionState<D>>

/** Checks the session and the origin → parses the form strictly → runs → makes the state for the form. */
const formAction =
  <I, O, D>(
    { name, input, after }: FormSpec<I, O, D>,
    run: (ctx: CallerContext, input: I) => Promise<O>,
  ): ServerAction<D> =>
  async (_previous, form) =>
    runSafely(name, async () => {
      const ctx = await actionContext()
      const parsed = parseForm(input, form)
      const output = await run(ctx, parsed)
      return { status: 'ok' as const, ...(await after?.(output, parsed)) }
    })

/** Makes a server action for a form (`useActionState`) from a use case, which authorizes. */
export const brokerAction = <I, O, D = undefined>({
  useCase,
  ...form
}: FormSpec<I, O, D> & { name: ActionName; useCase: UseCase<I, O> }): ServerAction<D> => formAction(form, useCase)

/** As brokerAction, for what the gateway is asked to do: it authorizes and records. */
export const gatewayAction = <I, D = undefined>({
  ask,
  ...form
}: FormSpec<I, void, D> & { ask: (ctx: CallerContext, input: I) => Promise<void> }): ServerAction<D> =>
  formAction(form, ask)

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
