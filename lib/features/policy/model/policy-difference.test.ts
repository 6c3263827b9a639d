import { expect, test } from 'vitest'
import { type PolicyRules, rulesOfConfiguration } from '#lib/kernel/model/policy/policy-rules.ts'
import { policyDifferences, policyInWords } from './policy-difference.ts'

const rules = rulesOfConfiguration({ spaceLimit: 5, maxSize: 'M' })
const issuer = 'https://issuer.test'

test('only differences are listed, in words', () => {
  expect(policyDifferences(rules, rules, issuer)).toEqual([])
  const after: PolicyRules = {
    ...rules,
    longestSpaceDays: 1,
    approvalRoles: ['admin', 'viewer'],
    exemptGroups: [
      { issuer, group: 'crew' },
      { issuer: 'https://other.test', group: 'crew' },
    ],
  }
  expect(policyDifferences(rules, after, issuer)).toEqual([
    { rule: 'Maximum lifetime of a space', before: 'no limit', after: '1 day' },
    { rule: 'Roles that need approval', before: 'none', after: 'viewer, admin' },
    { rule: 'Exempt groups', before: 'none', after: 'crew, crew (of https://other.test)' },
  ])
})

test('a draft’s text that is no number is named as such', () => {
  const draft = { ...rules, spaceLimit: Number.NaN, longestSpaceDays: Number.NaN }
  expect(policyDifferences(rules, draft, issuer).map(({ after }) => after)).toEqual(['not a number', 'not a number'])
})

test('every rule has a label, so no change is invisible', () => {
  const changed: PolicyRules = {
    spaceLimit: 6,
    maxSize: 'L',
    longestSpaceDays: 2,
    longestRoleDays: { viewer: 3, editor: 4, admin: 5 },
    approvalRoles: ['admin'],
    requestExpiryDays: 8,
    exemptGroups: [{ issuer, group: 'crew' }],
    reasonRequired: false,
    roleRequests: { deciders: { who: 'group', issuer, group: 'crew' }, approvals: 2 },
    spaceRequests: { deciders: { who: 'group', issuer: 'https://other.test', group: 'crew' }, approvals: 3 },
    longestCredentialHours: 8,
    credentialLimit: 3,
    groupHours: 48,
    unseenDays: 90,
    freshSignInHours: 8,
  }
  for (const [rule, value] of Object.entries(changed))
    expect(policyDifferences(rules, { ...rules, [rule]: value }, issuer).length, rule).toBeGreaterThan(0)
  expect(policyDifferences(rules, changed, issuer)).toHaveLength(policyInWords(rules, issuer).length)
})
