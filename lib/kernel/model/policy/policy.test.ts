import { expect, test } from 'vitest'
import { credentialEnd, excessOf, excessSentence, type Policy } from './policy.ts'
import { rulesOfConfiguration } from './policy-rules.ts'

const policy: Policy = {
  ...rulesOfConfiguration({ spaceLimit: 2, maxSize: 'M' }),
  namespacePrefix: '',
  reservedNames: [],
  nameReservedDays: 30,
  credentialDefaultHours: 8,
  reach: { deniedCidrs: [], dnsPeers: [], ingressSuffixes: [], platformNamespaces: [] },
  offerExpiryDays: 7,
  pushedPrivilegedGroups: [],
  directory: 'open',
  adminMinutes: 0 as const,
}
const now = new Date('2026-01-01T00:00:00Z')

test('requests within the limits need no approval', () => {
  expect(excessOf(policy, 'M', 1)).toEqual([])
  expect(excessOf(policy, 'L', 2)).toEqual(['space_limit', 'size_limit'])
  expect(excessSentence(policy, 'size_limit')).toBe(
    'Size L needs approval. You can have up to size M without approval.',
  )
})

test('no one gets a longer credential than the policy allows, even without a chosen lifetime', () => {
  const short = { ...policy, longestCredentialHours: 4 }
  expect(credentialEnd(short, now, undefined)).toEqual(new Date('2026-01-01T04:00:00Z'))
  expect(() => credentialEnd(short, now, 5)).toThrow(
    expect.objectContaining({ sentence: expect.stringContaining('4 hours at most') }),
  )
})

test('every credential ends, after thirty days at the latest', () => {
  expect(credentialEnd(policy, now, undefined)).toEqual(new Date('2026-01-01T08:00:00Z'))
  expect(credentialEnd(policy, now, 720)).toEqual(new Date('2026-01-31T00:00:00Z'))
  expect(() => credentialEnd(policy, now, 721)).toThrow(expect.objectContaining({ code: 'lifetime_too_long' }))
  for (const hours of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => credentialEnd(policy, now, hours)).toThrow()
})
