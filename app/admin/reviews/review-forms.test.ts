import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { parseForm } from '#lib/web/action/parse-form.ts'
import { decidedInWords } from './decided-in-words.ts'
import { decideReviewForm, scheduleReviewsForm, startReviewForm } from './review-forms.ts'

type Schema = typeof startReviewForm | typeof scheduleReviewsForm | typeof decideReviewForm

function parse(schema: Schema, given: Record<string, string>): unknown {
  const form = new FormData()
  for (const [name, value] of Object.entries(given)) form.set(name, value)
  return parseForm<unknown>(schema, form)
}

function fieldsOf(schema: Schema, given: Record<string, string>) {
  try {
    parse(schema, given)
  } catch (error) {
    if (isAppError(error)) return error.fields
    throw error
  }
  return null
}

const start = { name: 'Q4', dueAt: '2026-12-01', undecided: 'keep' }
const id = '00000000-0000-4000-8000-000000000001'

test('a review covers everything, or only what is named', () => {
  expect(parse(startReviewForm, { ...start, spaces: '', people: '' })).toEqual({
    ...{ name: 'Q4', undecided: 'keep', dueAt: new Date('2026-12-01T23:59:59Z') },
    ...{ cluster: null, spaces: [], people: [], roles: [] },
  })
  expect(
    parse(startReviewForm, { ...start, spaces: 'a, b\r\nc', people: 'ann-1', cluster: 'eu', 'role.admin': 'on' }),
  ).toMatchObject({ spaces: ['a', 'b', 'c'], people: ['ann-1'], cluster: 'eu', roles: ['admin'] })
})

test('what was picked and what was typed count together; text without a name is refused', () => {
  expect(
    parse(startReviewForm, { ...start, spaces: 'c', 'spaces.picked': 'a\nb', people: '', 'people.picked': 'ann-1' }),
  ).toMatchObject({ spaces: ['a', 'b', 'c'], people: ['ann-1'] })
  expect(parse(startReviewForm, { ...start, spaces: 'a', 'spaces.picked': 'a' })).toMatchObject({ spaces: ['a'] })
  for (const field of ['spaces', 'people'])
    expect(fieldsOf(startReviewForm, { ...start, [field]: ' , ;' }), field).toHaveProperty(field)
})

test('missing or invalid input is reported at its field', () => {
  expect(fieldsOf(startReviewForm, { ...start, dueAt: '' })).toHaveProperty('dueAt')
  expect(fieldsOf(startReviewForm, { ...start, dueAt: '2026-02-30' })).toHaveProperty('dueAt')
  expect(fieldsOf(startReviewForm, { ...start, name: ' ' })).toHaveProperty('name')
  expect(fieldsOf(startReviewForm, { ...start, undecided: 'burn' })).toHaveProperty('undecided')
  expect(fieldsOf(startReviewForm, { ...start, by: 'me' })).toHaveProperty('by')
  const schedule = { months: '3', nextOn: '2026-12-01', dueDays: '21', undecided: 'keep' }
  expect(parse(scheduleReviewsForm, { ...schedule, months: '' })).toMatchObject({ months: null, dueDays: 21 })
  expect(fieldsOf(scheduleReviewsForm, { ...schedule, months: '5' })).toHaveProperty('months')
  expect(fieldsOf(scheduleReviewsForm, { ...schedule, dueDays: '-1' })).toHaveProperty('dueDays')
  expect(fieldsOf(decideReviewForm, { id, ids: 'x', decision: 'keep' })).not.toBeNull()
  expect(parse(decideReviewForm, { id, unused: 'yes', decision: 'revoke', reason: 'old' })).toMatchObject({
    unused: 'yes',
  })
})

test('the result of a bulk decision is reported in full', () => {
  const none = { decided: 0, changed: 0, ended: 0, left: 0 }
  expect(decidedInWords('revoke', { ...none, decided: 1 })).toBe('1 line revoked.')
  expect(decidedInWords('keep', { ...none, changed: 1 })).toBe('1 changed since the review started. Check again.')
  expect(decidedInWords('keep', { decided: 2, changed: 0, ended: 1, left: 3 })).toBe(
    '2 lines kept. 1 had already ended. 3 skipped: you can’t decide on them, or not this way.',
  )
})
