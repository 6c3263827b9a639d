import { expect, test } from 'vitest'
import { z } from 'zod'
import { formOf } from './form-of.ts'

const input = z.strictObject({
  id: z.uuid(),
  role: z.enum(['viewer', 'editor']).optional(),
  hours: z.number().max(10),
  reason: z.string().trim().default(''),
})
const form = formOf(input, { hours: z.string().transform(Number) })
const id = '0b6f2f5e-95a4-4b8a-9a32-6a3d1c9d1f10'

test('a form’s text is parsed into its use case’s input', () => {
  expect(form.parse({ id, role: 'viewer', hours: '8', reason: ' because ' })).toEqual({
    id,
    role: 'viewer',
    hours: 8,
    reason: 'because',
  })
  expect(form.parse({ id, hours: '8' })).toEqual({ id, hours: 8, reason: '' })
})

test.each([
  ['an invalid value', { id, hours: '11' }, 'hours'],
  ['an unknown option', { id, hours: '8', role: 'admin' }, 'role'],
  ['a missing value', { hours: '8' }, 'id'],
])('%s is refused with the field’s name', (_what, sent, field) => {
  expect(form.safeParse(sent).error?.issues.map(({ path }) => path.join())).toEqual([field])
})

test('an unknown field is refused', () => {
  expect(form.safeParse({ id, hours: '8', owner: 'me' }).error?.issues[0]?.code).toBe('unrecognized_keys')
})
