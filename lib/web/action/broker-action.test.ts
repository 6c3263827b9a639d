import { expect, test } from 'vitest'
import { z } from 'zod'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { brokerAction, brokerCall } from './broker-action.ts'
import { severalAction } from './several-action.ts'

const input = z.strictObject({ id: z.string() })
const unauthorized = async (_ctx: CallerContext, { id }: { id: string }) => id

test('an action accepts only use cases from a wrapper', () => {
  // @ts-expect-error: nothing authorizes it.
  expect(brokerAction({ name: 'read-space', input, useCase: unauthorized })).toBeTypeOf('function')
  // @ts-expect-error: nothing authorizes it.
  expect(brokerCall({ name: 'read-space', input, useCase: unauthorized })).toBeTypeOf('function')
  const several = {
    each: (form: { id: string }) => [form],
    field: 'id',
    isAboutOne: () => true,
    succeeded: String,
    fellShort: String,
    after: () => {},
  }
  // @ts-expect-error: nothing authorizes it.
  const action = severalAction({ name: 'read-space', input, useCase: unauthorized, ...several })
  expect(action).toBeTypeOf('function')
})
