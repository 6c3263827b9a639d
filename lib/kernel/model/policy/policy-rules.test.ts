import { expect, test } from 'vitest'
import { parsePolicyRules, storedRules } from './parse-policy.ts'
import { endsInTime, isExempt, latestEnd, policyRules, rulesFor, rulesOfConfiguration } from './policy-rules.ts'

const rules = rulesOfConfiguration({ spaceLimit: 5, maxSize: 'M' })
const issuer = 'https://issuer.test'
const refusedAt = (changed: object) =>
  policyRules.safeParse({ ...rules, ...changed }).error?.issues.map(({ path }) => path.join('.'))

test('the configured rules can be saved unchanged', () => {
  expect(policyRules.parse(JSON.parse(JSON.stringify(rules)))).toEqual(rules)
})

test.each([
  ['spaceLimit', [0, 1_000], [-1, 1_001, 1.5, '5', null]],
  ['maxSize', ['S', 'M', 'L'], ['XL', '', null]],
  ['longestSpaceDays', [1, 3_650, null], [0, 3_651, 0.5, '']],
  ['groupHours', [1, 720, null], [0, 721, 1.5, '']],
  ['freshSignInHours', [1, 720, null], [0, 721, '']],
  ['unseenDays', [30, 3_650, null], [0, 29, 3_651, '']],
  ['requestExpiryDays', [1, 90], [0, 91, null]],
  ['reasonRequired', [true, false], ['on', null, 1]],
  ['approvalRoles', [[], ['admin', 'viewer']], [['owner'], ['admin', 'admin'], 'admin', null]],
])('%s is accepted within its bounds, and refused beyond them', (field, allowed, refused) => {
  for (const value of allowed) expect(refusedAt({ [field]: value }), String(value)).toBeUndefined()
  for (const value of refused) expect(refusedAt({ [field]: value })?.[0], String(value)).toMatch(field)
})

test('unknown and missing rules are refused', () => {
  expect(refusedAt({ everything: true })).toEqual([''])
  const { spaceLimit: _left, ...rest } = rules
  expect(policyRules.safeParse(rest).success).toBe(false)
})

test('exempt groups belong to a provider, without duplicates, fifty at most', () => {
  const group = (name: string) => ({ issuer, group: name })
  expect(refusedAt({ exemptGroups: [group('a'), { ...group('a'), issuer: 'https://other.test' }] })).toBeUndefined()
  expect(refusedAt({ exemptGroups: [group('a'), group('a')] })).toEqual(['exemptGroups'])
  expect(refusedAt({ exemptGroups: [group('a\u202eb')] })).toEqual(['exemptGroups.0.group'])
  expect(refusedAt({ exemptGroups: Array.from({ length: 51 }, (_, at) => group(`g${at}`)) })).toEqual(['exemptGroups'])
})

test('only members of an exempt group of the same provider are exempt', () => {
  const strict = { ...rules, spaceLimit: 0, longestSpaceDays: 3, exemptGroups: [{ issuer, group: 'crew' }] }
  expect(isExempt(strict, { issuer, groups: ['crew'] })).toBe(true)
  for (const person of [
    { issuer, groups: ['crews'] },
    { issuer: 'https://other.test', groups: ['crew'] },
  ])
    expect(rulesFor(strict, person)).toBe(strict)
  expect(rulesFor(strict, { issuer, groups: ['a', 'crew'] })).toMatchObject({ maxSize: 'L', longestSpaceDays: null })
})

test('the last day counts in full, and is the latest end', () => {
  const now = new Date('2026-02-27T15:00:00Z')
  const latest = latestEnd(now, 2)
  expect(latest).toEqual(new Date('2026-03-01T23:59:59.999Z'))
  expect(endsInTime(new Date('2026-03-01T23:59:59.999Z'), latest)).toBe(true)
  expect(endsInTime(new Date('2026-03-02T00:00:00Z'), latest)).toBe(false)
  expect(endsInTime(null, latest)).toBe(false)
  expect(endsInTime(null, latestEnd(now, null))).toBe(true)
})

test('a version of an earlier release behaves as in that release, and is stored unchanged', () => {
  // Those releases didn't have these rules; the last ones have other defaults today.
  const { roleRequests, spaceRequests, longestCredentialHours, credentialLimit, unseenDays, ...rest } = rules
  const { groupHours, freshSignInHours, ...earlier } = rest
  expect(parsePolicyRules(JSON.stringify(earlier))).toEqual({ ...rules, groupHours: null, freshSignInHours: null })
  expect([roleRequests.approvals, spaceRequests.approvals]).toEqual([1, 1])
  expect([longestCredentialHours, credentialLimit, unseenDays]).toEqual([720, null, null])
  expect([groupHours, freshSignInHours]).toEqual([24, 24])
  expect(storedRules({ ...rules, groupHours: null, freshSignInHours: null })).toEqual(earlier)
  expect(storedRules(rules)).toEqual(rest)
  const stricter = { ...rules, roleRequests: { deciders: { who: 'admins' as const }, approvals: 2 } }
  expect(storedRules(stricter)).toEqual({ ...rest, roleRequests: stricter.roleRequests })
  expect(parsePolicyRules(JSON.stringify(storedRules(stricter)))).toEqual(stricter)
})

test('stored rules are parsed strictly, each text separately', () => {
  const text = JSON.stringify(rules)
  expect(parsePolicyRules(text)).toEqual(rules)
  expect(() => parsePolicyRules(JSON.stringify({ ...rules, spaceLimit: 1_001 }))).toThrow()
  expect(parsePolicyRules(JSON.stringify({ ...rules, spaceLimit: 7 })).spaceLimit).toBe(7)
  expect(parsePolicyRules(text).spaceLimit).toBe(5)
})
