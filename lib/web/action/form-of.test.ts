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

test('a form’s text is parsed into the input of its use case', () => {
  expect(form.parse({ id, role: 'viewer', hours: '8', reason: ' because ' })).toEqual({
    id,
    role: 'viewer',
    hours: 8,
    reason: 'because',
  })
  expect(form.parse({ id, hours: '8' })).toEqual({ id, hours: 8, reason: '' })
})

test.each([
  ['a value that the input refuses', { id, hours: '11' }, 'hours'],
  ['a value that the input does not offer', { id, hours: '8', role: 'admin' }, 'role'],
  ['a missing value', { hours: '8' }, 'id'],
])('%s is refused, and the field is named', (_what, sent, field) => {
  expect(form.safeParse(sent).error?.issues.map(({ path }) => path.join())).toEqual([field])
})

test('a field that the input does not have is refused', () => {
  expect(form.safeParse({ id, hours: '8', owner: 'me' }).error?.issues[0]?.code).toBe('unrecognized_keys')
})
