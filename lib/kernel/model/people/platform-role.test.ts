import { expect, test } from 'vitest'
import { roleByGroups } from '#lib/kernel/model/access/role.ts'
import { breakGlassIssuer, plainBreakGlassCode, renderBreakGlassCode } from './break-glass-account.ts'
import { platformRoleAt } from './platform-role.ts'

const issuer = 'https://id.example'
const at = new Date('2026-11-26T12:00:00Z')
const soon = new Date(at.getTime() + 1)
const admin = { issuer, platformRole: 'admin' } as const

test('a platform role counts only for people of configured providers', () => {
  for (const from of [issuer, `${issuer}/`])
    expect(roleByGroups({ issuer: from, platformRole: 'auditor' }, ['https://other.example', issuer])).toBe('auditor')
  for (const from of ['https://old.example', `${issuer}/realms/other`, ''])
    expect(roleByGroups({ issuer: from, platformRole: 'admin' }, [issuer])).toBe('member')
})

test('without activation, groups always make a person a platform admin', () => {
  for (const adminUntil of [null, at, soon])
    expect(platformRoleAt({ ...admin, adminUntil }, { issuers: [issuer], policy: { adminMinutes: 0 } }, at)).toEqual({
      platformRole: 'admin',
      isEligible: true,
      adminUntil: null,
      isBreakGlass: false,
    })
})

test('with activation, the role ends at the stated instant, and auditors are unaffected', () => {
  const rules = { issuers: [issuer], policy: { adminMinutes: 60 } }
  const roleOf = (account: Parameters<typeof platformRoleAt>[0]) => platformRoleAt(account, rules, at).platformRole
  expect(roleOf({ ...admin, adminUntil: null })).toBe('member')
  expect(roleOf({ ...admin, adminUntil: at })).toBe('member')
  expect(platformRoleAt({ ...admin, adminUntil: soon }, rules, at)).toEqual({
    platformRole: 'admin',
    isEligible: true,
    adminUntil: soon,
    isBreakGlass: false,
  })
  expect(roleOf({ issuer, platformRole: 'auditor', adminUntil: null })).toBe('auditor')
})

test('an activated role has no effect without the group, or from another provider', () => {
  const rules = { issuers: [issuer], policy: { adminMinutes: 60 } }
  for (const account of [
    { issuer, platformRole: 'member' },
    { issuer: 'https://old.example', platformRole: 'admin' },
  ] as const)
    expect(platformRoleAt({ ...account, adminUntil: soon }, rules, at)).toMatchObject({
      platformRole: 'member',
      isEligible: false,
    })
})

test('the break-glass account is a platform admin until its end, whatever the operator configures for activation', () => {
  const account = { issuer: breakGlassIssuer, platformRole: 'member', adminUntil: soon } as const
  for (const adminMinutes of [0, 60]) {
    const rules = { issuers: [issuer], policy: { adminMinutes } }
    expect(platformRoleAt(account, rules, at)).toMatchObject({
      platformRole: 'admin',
      isEligible: false,
      isBreakGlass: true,
    })
    for (const adminUntil of [null, at])
      expect(platformRoleAt({ ...account, adminUntil }, rules, at)).toMatchObject({
        platformRole: 'member',
        isBreakGlass: true,
      })
  }
})

test('a code has all of its 160 bits, and can be typed in any spelling', () => {
  expect(renderBreakGlassCode(new Uint8Array(20))).toBe(Array.from({ length: 8 }, () => '0000').join('-'))
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => 255 - index * 7)
  const code = renderBreakGlassCode(bytes)
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/)
  for (let bit = 0; bit < 160; bit++) {
    const flipped = bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(renderBreakGlassCode(flipped)).not.toBe(code)
  }
  const plain = plainBreakGlassCode(code)
  for (const typed of [
    code.toLowerCase(),
    ` ${code.replaceAll('-', ' ')}\n`,
    code.replaceAll('0', 'o').replaceAll('1', 'l'),
  ])
    expect(plainBreakGlassCode(typed)).toBe(plain)
})
