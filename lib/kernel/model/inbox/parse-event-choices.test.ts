import { expect, test } from 'vitest'
import { eventGroups } from './event.ts'
import { sentByDefault } from './event-choices.ts'
import { parseEventChoices } from './parse-event-choices.ts'

test('unset choices have their defaults, and each group can be chosen', () => {
  expect(parseEventChoices({})).toEqual(sentByDefault)
  for (const group of eventGroups) {
    const chosen = { [group]: !sentByDefault[group] }
    expect(parseEventChoices({ ...chosen, later: true })).toEqual({ ...sentByDefault, ...chosen })
  }
})
