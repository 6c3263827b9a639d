import { expect, test } from 'vitest'
import { signOutNotice } from './sign-out-outcome.ts'

test('only the browser that was sent to the provider sees that the session there has ended', () => {
  expect(signOutNotice('both.r4nd0m', 'both.r4nd0m')?.title).toBe('You are signed out')
  expect(signOutNotice('asked.r4nd0m', 'asked.r4nd0m')?.text).toContain('may still be open')
  for (const left of [undefined, '', 'both', 'both.other', 'asked.r4nd0m'])
    expect(signOutNotice('both.r4nd0m', left)).toBeNull()
  for (const state of ['both', 'asked', 'both.']) expect(signOutNotice(state, undefined)).toBeNull()
})

test('the notice says if a sign-out ended only the session here', () => {
  for (const state of ['here', 'already'])
    expect(signOutNotice(state, undefined)?.text).toContain('at the identity provider may still be open')
  expect(signOutNotice('failed', undefined)?.title).toBe('You are not signed out')
})

test('any other state shows nothing', () => {
  for (const state of [undefined, '', 'signed-out', 'toString', 'here.x', '<b>'])
    expect(signOutNotice(state, state)).toBeNull()
})
