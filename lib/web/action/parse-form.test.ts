import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '#lib/kernel/model/errors.ts'
import { parseArgument, parseForm, parseSearchParams } from './parse-form.ts'

const schema = z.strictObject({ name: z.string().min(1), size: z.enum(['S', 'M']), note: z.string().max(3).optional() })

function form(...fields: [string, string | Blob][]): FormData {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return data
}

function refusal(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('a form is parsed by its schema, ignoring the framework’s own fields', () => {
  expect(parseForm(schema, form(['$ACTION_REF_1', ''], ['$ACTION_KEY', 'x'], ['name', 'a'], ['size', 'S']))).toEqual({
    name: 'a',
    size: 'S',
  })
})

test.each([
  ['an unknown field', form(['name', 'a'], ['size', 'S'], ['role', 'admin']), 'role'],
  ['a field twice', form(['name', 'a'], ['name', 'b'], ['size', 'S']), 'name'],
  ['a file', form(['name', new Blob(['x'])], ['size', 'S']), 'name'],
  ['a missing field', form(['name', 'a']), 'size'],
  ['an empty field', form(['name', ''], ['size', 'S']), 'name'],
  ['an unknown option', form(['name', 'a'], ['size', 'XXL']), 'size'],
  ['a prototype’s name', form(['name', 'a'], ['size', 'S'], ['__proto__', 'x']), '__proto__'],
  ['a NUL in a text', form(['name', 'a\0b'], ['size', 'S']), 'name'],
  ['a bidirectional override', form(['name', 'a\u202egnp.exe'], ['size', 'S']), 'name'],
  ['a terminal escape sequence', form(['name', 'a\u001b[2Jb'], ['size', 'S']), 'name'],
  ['a long text', form(['name', 'a'], ['size', 'S'], ['note', 'long']), 'note'],
])('%s is refused with the field’s name', (_what, data, field) => {
  const { code, fields } = refusal(() => parseForm(schema, data))
  expect(code).toBe('bad_input')
  expect(Object.keys(fields)).toEqual([field])
})

test('unknown fields are refused even if the schema allows them', () => {
  const loose = z.object({ name: z.string() }).transform(({ name }) => ({ space: name }))
  expect(parseArgument(loose, { name: 'a' })).toEqual({ space: 'a' })
  expect(refusal(() => parseArgument(loose, { name: 'a', owner: 'b' })).fields).toHaveProperty('owner')
  expect(refusal(() => parseArgument(loose, 'text')).code).toBe('bad_input')
})

test.each([['text'], [undefined], [null], [[['name', 'x']]], [{ name: 'x' }]])(
  '%j instead of a form is bad input',
  (form) => {
    expect(() => parseForm(z.strictObject({ name: z.string() }), form)).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    )
  },
)

test('a value of the wrong type is distinguished from a missing one', () => {
  expect(refusal(() => parseArgument(schema, { name: 5, size: 'S' })).fields).toEqual({ name: 'Invalid value.' })
  expect(refusal(() => parseArgument(schema, { size: 'S' })).fields).toEqual({ name: 'Fill this in.' })
})

test('a short text is refused with its minimum length, and an empty one as missing', () => {
  const reason = z.strictObject({ reason: z.string().trim().min(3) })
  const problemWith = (text: string) => refusal(() => parseArgument(reason, { reason: text })).fields.reason
  expect(problemWith(' ab ')).toBe('Write at least 3 characters.')
  for (const text of ['', '   ']) expect(problemWith(text)).toBe('Fill this in.')
})

test('an invalid item of a list is reported at the list’s field', () => {
  const lists = z.strictObject({
    names: z.array(z.string().max(3)),
    steps: z.array(z.strictObject({ name: z.string().max(3) })),
  })
  const fieldsOf = (names: string[], ...steps: string[]) =>
    Object.keys(refusal(() => parseArgument(lists, { names, steps: steps.map((name) => ({ name })) })).fields)
  expect(fieldsOf(['ann', 'long-name'])).toEqual(['names'])
  expect(fieldsOf(['ann', '\u202e'])).toEqual(['names'])
  expect(fieldsOf([], 'one', 'long-name')).toEqual(['steps.1.name'])
})

test('a query with two clusters is refused', () => {
  const schema = z.strictObject({ name: z.string(), cluster: z.string().optional() })
  expect(parseSearchParams(schema, new URLSearchParams('name=lab&cluster=a'))).toEqual({ name: 'lab', cluster: 'a' })
  expect(() => parseSearchParams(schema, new URLSearchParams('name=lab&cluster=a&cluster=b'))).toThrow(
    expect.objectContaining({ code: 'bad_input', fields: { cluster: 'This field was sent more than once.' } }),
  )
})
