import { expect, test } from 'vitest'
import { canHaveAdmins } from './can-have-admins.ts'

test('people can become platform admins if any provider names a group or a person', () => {
  const none = { admins: [], adminGroups: [] }
  expect(canHaveAdmins([none])).toBe(false)
  expect(canHaveAdmins([none, none])).toBe(false)
  expect(canHaveAdmins([{ ...none, adminGroups: ['platform-admins'] }])).toBe(true)
  expect(canHaveAdmins([none, { ...none, admins: ['sub:1234'] }])).toBe(true)
})
