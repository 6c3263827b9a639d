import { expect, test } from 'vitest'
import { showsSteps } from './first-steps.ts'

const done = { connected: true, used: true, shared: true }
const begun = { steps: done, deployed: true, mayInvite: true, hidden: false }

test('the steps stay until the last is done', () => {
  expect(showsSteps(begun)).toBe(false)
  expect(showsSteps({ ...begun, steps: { ...done, shared: false } })).toBe(true)
  expect(showsSteps({ ...begun, steps: { ...done, connected: false } })).toBe(true)
  expect(showsSteps({ ...begun, steps: { ...done, shared: false }, mayInvite: false })).toBe(false)
})

test('a person who hid the steps sees them only where nothing runs', () => {
  const open = { ...begun, steps: { ...done, shared: false }, hidden: true }
  expect(showsSteps(open)).toBe(false)
  expect(showsSteps({ ...open, deployed: false })).toBe(true)
})
