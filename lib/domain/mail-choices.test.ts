import { expect, test } from 'vitest'
import { eventGroups } from './event.ts'
import { mailedByDefault, parseMailChoices } from './mail-choices.ts'

test('what a person has not chosen is as by default, and each group can be chosen', () => {
  expect(parseMailChoices({})).toEqual(mailedByDefault)
  for (const group of eventGroups) {
    const chosen = { [group]: !mailedByDefault[group] }
    expect(parseMailChoices({ ...chosen, later: true })).toEqual({ ...mailedByDefault, ...chosen })
  }
})
