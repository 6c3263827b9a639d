import { expect, test } from 'vitest'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { isUseCase, type UseCase } from './define-use-case.ts'

/** Represents code that accepts only use cases, such as brokerAction. */
const take = (useCase: UseCase<string, string>) => isUseCase(useCase)

const unauthorized = async (_ctx: CallerContext, input: string) => input

test('a function not made by a wrapper isn’t a use case, by type and at run time', () => {
  // @ts-expect-error: nothing authorizes it.
  expect(take(unauthorized)).toBe(false)
  // @ts-expect-error: its own claim doesn't make it one.
  expect(take(Object.assign(unauthorized, { permissions: ['read-space' as const] }))).toBe(false)
})
