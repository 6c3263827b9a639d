/**
 * Only the wrappers in this folder may import this module (dev/check/import-table.mjs), so every use case is
 * authorized.
 */

import type { Permission } from '#lib/kernel/model/people/permission.ts'
import { CallerContext } from '#lib/kernel/use-case/caller-context.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { traced } from '#lib/observability/tracing.ts'

const useCaseBrand: unique symbol = Symbol('use case')

/**
 * What pages and actions may call: a function made by a wrapper. `More` are arguments that can't be data, such as
 * callbacks.
 */
export type UseCase<I, O, More extends readonly unknown[] = []> = DefinedUseCase &
  ((ctx: CallerContext, input: I, ...more: More) => Promise<O>)

export type DefinedUseCase = {
  /** The permissions that guard it; if there are several, the object decides which. */
  readonly permissions: readonly Permission[]
  readonly [useCaseBrand]: true
}

/** @param run authorizes, then does the work */
export const defineUseCase = <I, O, More extends readonly unknown[]>(
  permissions: readonly Permission[],
  run: (ctx: BrokerContext, input: I, ...more: More) => Promise<O>,
): UseCase<I, O, More> =>
  Object.assign(
    async (ctx: CallerContext, input: I, ...more: More) => {
      const opened = CallerContext.open(ctx)
      const attributes = { 'spaceport.request_id': opened.origin.requestId }
      return traced(permissions.join(' '), { attributes }, () => run(opened, input, ...more))
    },
    { permissions, [useCaseBrand]: true as const },
  )

/**
 * For tests that find all use cases.
 * @internal
 * @returns whether one of the wrappers made it
 */
export const isUseCase = (value: unknown): value is DefinedUseCase =>
  typeof value === 'function' && useCaseBrand in value && value[useCaseBrand] === true
