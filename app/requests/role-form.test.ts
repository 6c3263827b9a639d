import { expect, test } from 'vitest'
import { roleForm } from './role-form.ts'

const form = { space: 'payments', role: 'editor', reason: 'on call', amount: '30', unit: 'minutes', start: 'approval' }
const read = (fields: Record<string, string>) => roleForm.parse({ ...form, ...fields })

test('a role is requested for a listed duration, a typed one, or without an end', () => {
  expect(read({ minutes: '10080' })).toMatchObject({ space: { name: 'payments' }, minutes: 10_080, startsAt: null })
  expect(read({ minutes: 'open' })).toMatchObject({ minutes: null })
  expect(read({ minutes: 'exact', amount: '3', unit: 'hours' })).toMatchObject({ minutes: 180 })
})

test('a start counts only if chosen, and is UTC', () => {
  const startsAt = '2027-01-31T08:30'
  expect(read({ minutes: '60', start: 'later', startsAt })).toMatchObject({ startsAt: new Date(`${startsAt}:00Z`) })
  expect(read({ minutes: '60', startsAt })).toMatchObject({ startsAt: null })
})

test('an invalid duration is a form error, and an invalid start counts as past', () => {
  for (const fields of [{ minutes: '1.5' }, { minutes: 'exact', amount: 'x' }])
    expect(roleForm.safeParse({ ...form, ...fields }).success, JSON.stringify(fields)).toBe(false)
  for (const startsAt of ['', 'tomorrow'])
    expect(read({ minutes: '60', start: 'later', startsAt })).toMatchObject({ startsAt: new Date(0) })
})
