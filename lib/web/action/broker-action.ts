import 'server-only'
import type { z } from 'zod'
import type { UseCase } from '#lib/kernel/define/use-case.ts'
import type { ActionState, CallState } from '#lib/kernel/model/action-state.ts'
import type { Permission } from '#lib/kernel/model/people/permission.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { actionContext } from './action-context.ts'
import { parseArgument, parseForm } from './parse-form.ts'
import { runForm } from './run-form.ts'
import { runSafely } from './run-safely.ts'

/** A use case's row in the permission table, in which decisions have one row per kind of request. */
type ActionName = Permission | 'decide-request'
type After<I, O, D> = (output: O, input: I) => Promise<AfterResult<D>> | AfterResult<D> | void | Promise<void>
type AfterResult<D> = { message?: string; data?: D }

type FormSpec<I, O, D> = {
  /** For metrics and logs, since the bundler renames functions. */
  name: string
  /** A zod schema of the form's fields (all strings); its output is the use case's input. */
  input: z.ZodType<I>
  /** The message or redirect (`redirect`, `revalidatePath`) after success. */
  after?: After<I, O, D>
}

type ServerAction<D> = (previous: ActionState<D>, form: FormData) => Promise<ActionState<D>>

/** Checks session and origin → parses the form strictly → runs the use case → returns the form's state. */
const formAction =
  <I, O, D>(
    { name, input, after }: FormSpec<I, O, D>,
    run: (ctx: CallerContext, input: I) => Promise<O>,
  ): ServerAction<D> =>
  async (_previous, form) =>
    runForm(name, form, async () => {
      const ctx = await actionContext()
      const parsed = parseForm(input, form)
      const output = await run(ctx, parsed)
      return { status: 'ok' as const, ...(await after?.(output, parsed)) }
    })

/** Creates a server action for a form (`useActionState`) from a use case, which authorizes. */
export const brokerAction = <I, O, D = undefined>({
  useCase,
  ...form
}: FormSpec<I, O, D> & { name: ActionName; useCase: UseCase<I, O> }): ServerAction<D> => formAction(form, useCase)

/** Like brokerAction, for requests to the gateway, which authorizes and records them. */
export const gatewayAction = <I, O = void, D = undefined>({
  ask,
  ...form
}: FormSpec<I, O, D> & { ask: (ctx: CallerContext, input: I) => Promise<O> }): ServerAction<D> => formAction(form, ask)

/**
 * Like brokerAction, for calls with a plain argument instead of a form, such as a live name check or a search.
 * @returns an action that returns the use case's result, or an error
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
