import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { parseForm } from '#lib/web/action/parse-form.ts'
import { offboardForm } from './offboard-form.ts'

const id = '00000000-0000-4000-8000-000000000001'
const [one, two] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']

function parse(given: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ id, reason: 'has left', confirmation: 'leo-1', ...given }))
    form.set(name, value)
  return parseForm(offboardForm, form)
}

function fieldsOf(given: Record<string, string>) {
  try {
    parse(given)
  } catch (error) {
    if (isAppError(error)) return error.fields
    throw error
  }
  return null
}

test('one decision for all spaces, with exceptions', () => {
  const exceptions = `${one} delete 2026-12-01\r\n${two} hand-over ann-1\n`
  expect(parse({ rest: 'hand-over', 'rest.to': 'bob-1', 'rest.endsAt': '', exceptions })).toMatchObject({
    rest: { kind: 'hand-over', to: 'bob-1' },
    exceptions: {
      [one]: { kind: 'delete', endsAt: new Date('2026-12-01T23:59:59Z') },
      [two]: { kind: 'hand-over', to: 'ann-1' },
    },
  })
  expect(parse({})).toMatchObject({ rest: null, exceptions: {} })
})

test('missing input is reported at its field', () => {
  expect(fieldsOf({ rest: 'hand-over', 'rest.to': ' ' })).toHaveProperty(['rest.to'])
  expect(fieldsOf({ rest: 'delete', 'rest.endsAt': '' })).toEqual({ 'rest.endsAt': 'Fill this in.' })
  expect(fieldsOf({ rest: 'hand-over', 'rest.to': 'bob-1', exceptions: `${one} hand-over ` })).toHaveProperty([
    `exceptions.${one}.to`,
  ])
  expect(fieldsOf({ rest: 'hand-over', 'rest.to': 'bob-1', exceptions: `${one} delete 2026-02-30` })).toHaveProperty([
    `exceptions.${one}.endsAt`,
  ])
})

test('any other input is refused', () => {
  expect(fieldsOf({ rest: 'burn' })).not.toBeNull()
  expect(fieldsOf({ exceptions: 'x' })).not.toBeNull()
  expect(fieldsOf({ exceptions: `${one} burn` })).not.toBeNull()
  expect(fieldsOf({ exceptions: '__proto__ delete 2026-12-01' })).not.toBeNull()
})
