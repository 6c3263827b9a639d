import { expect, test } from 'vitest'
import { eventType } from './event-type.ts'

test.each([
  ['Warning', 'BackOff', 'Warning'],
  ['Normal', 'FailedBinding', 'Warning'],
  ['Normal', 'Scheduled', 'Normal'],
  ['', '', 'Normal'],
])('an event of type “%s” and reason “%s” is a %s', (type, reason, shown) => {
  expect(eventType({ type, reason })).toBe(shown)
})
