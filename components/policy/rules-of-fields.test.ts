import { expect, test } from 'vitest'
import { rulesOfFields } from './rules-of-fields.ts'

test('a field that has no number gives NaN; an empty one without a required number, null', () => {
  const { spaceLimit, requestExpiryDays, longestSpaceDays, unseenDays } = rulesOfFields({
    'rules.spaceLimit': 'many',
    'rules.requestExpiryDays': '',
    'rules.longestSpaceDays': '',
    'rules.unseenDays': '-1',
  })
  expect({ spaceLimit, requestExpiryDays, longestSpaceDays, unseenDays }).toEqual({
    spaceLimit: Number.NaN,
    requestExpiryDays: Number.NaN,
    longestSpaceDays: null,
    unseenDays: Number.NaN,
  })
})

test('only groups of the form’s provider are in the rules, each once', () => {
  const { exemptGroups, roleRequests } = rulesOfFields({
    issuer: 'https://issuer.test',
    'rules.exemptGroups': 'crew\r\n crew \r\n\r\nblue',
    'rules.roleRequests.deciders.who': 'admins',
    'rules.roleRequests.deciders.group': 'left over',
    'rules.roleRequests.approvals': '2',
  })
  expect(exemptGroups).toEqual([
    { issuer: 'https://issuer.test', group: 'crew' },
    { issuer: 'https://issuer.test', group: 'blue' },
  ])
  expect(roleRequests).toEqual({ deciders: { who: 'admins' }, approvals: 2 })
})
