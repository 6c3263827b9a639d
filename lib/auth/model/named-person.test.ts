import { expect, test } from 'vitest'
import { namedRolesOf } from './named-person.ts'

const named = { admins: ['sub:1234', 'alice@example.com'], auditors: ['sub:5678', 'bob@example.com'] }

test('a subject gives the role only if it matches exactly', () => {
  expect(namedRolesOf({ subject: '1234', verifiedEmail: null }, named)).toMatchObject({ bySubject: 'admin' })
  expect(namedRolesOf({ subject: '5678', verifiedEmail: null }, named)).toMatchObject({ bySubject: 'auditor' })
  for (const subject of ['12345', '123', '1234 ', 'sub:1234', 'alice@example.com'])
    expect(namedRolesOf({ subject, verifiedEmail: null }, named).bySubject, subject).toBe('member')
})

test('a verified address gives the role regardless of case', () => {
  expect(namedRolesOf({ subject: 'x', verifiedEmail: 'ALICE@example.COM' }, named).byAddress).toBe('admin')
  expect(namedRolesOf({ subject: 'x', verifiedEmail: 'bob@example.com' }, named).byAddress).toBe('auditor')
  for (const verifiedEmail of [
    null,
    'alice@example.com.',
    '"alice"@example.com',
    'alice@example.com@evil.com',
    '\u200falice@example.com',
    'al\u0131ce@example.com',
  ])
    expect(namedRolesOf({ subject: 'x', verifiedEmail }, named).byAddress, String(verifiedEmail)).toBe('member')
})

test('an address never matches as a subject, or a subject as an address', () => {
  const names = { admins: ['sub:alice@example.com'], auditors: [] }
  expect(namedRolesOf({ subject: 'x', verifiedEmail: 'alice@example.com' }, names).byAddress).toBe('member')
  expect(namedRolesOf({ subject: 'x', verifiedEmail: 'sub:alice@example.com' }, names).byAddress).toBe('member')
  expect(namedRolesOf({ subject: 'alice@example.com', verifiedEmail: null }, names).bySubject).toBe('admin')
})
