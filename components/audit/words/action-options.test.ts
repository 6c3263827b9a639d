import { expect, test } from 'vitest'
import { actionOptions } from './action-options.ts'
import { knownActions } from './action-words.ts'

test('every action is offered once', () => {
  const offered = actionOptions.map(({ value }) => value).filter((value) => !value.endsWith('.'))
  expect(offered.toSorted()).toEqual(knownActions.toSorted())
})
