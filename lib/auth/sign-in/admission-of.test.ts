import { expect, test } from 'vitest'
import { namedRolesOf } from '#lib/auth/model/named-person.ts'
import { personName, signInDomain, signInGroup } from '#lib/config/admission-items.ts'
import { parseEmailAddress } from '#lib/kernel/model/people/email-address.ts'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import { decideSignIn } from '#lib/kernel/model/people/sign-in-limit.ts'

const addresses = [
  ...[
    'alice@example.com',
    'ALICE@Example.COM',
    "o'neil+x@example.com",
    'a@xn--bcher-kva.example',
    'a.b-c_d@a-b.example',
  ],
  ...['', 'alice', '@example.com', 'a@', 'a@b@example.com', '"a"@example.com', 'a b@example.com', 'a@example.com.'],
  ...['a@localhost', 'a@*.example.com', 'a@-a.example', 'a@[192.0.2.1]', 'a@bücher.example', '\u212a@example.com'],
  ...[
    'a@e\u212a.com',
    'sub:a@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'a.'.repeat(126)}com`,
    'a@example.com\n',
  ],
]

test('the configuration and sign-in agree on which strings are addresses, and which are equal', () => {
  for (const text of addresses.filter((one) => !one.startsWith('sub:'))) {
    const configured = personName.safeParse(text)
    expect(configured.success ? configured.data : null, text).toBe(parseEmailAddress(text)?.address ?? null)
  }
  expect(addresses.filter((text) => parseEmailAddress(text) !== null)).toHaveLength(5)
})

test('every address that the configuration accepts gives the role, and its domain allows sign-in', () => {
  for (const text of addresses.filter((one) => parseEmailAddress(one) !== null)) {
    const named = { admins: [personName.parse(text)], auditors: [] }
    expect(namedRolesOf({ subject: 'x', verifiedEmail: text }, named).byAddress, text).toBe('admin')
    const limit = { signInGroups: [], signInDomains: [signInDomain.parse(text.split('@')[1])] }
    expect(decideSignIn({ groups: [], verifiedEmail: text }, limit), text).toBeNull()
  }
})

test('a subject must match exactly, and never counts as an address', () => {
  for (const subject of ['1234', 'AbC', 'alice@Example.com', 'a:b', '~!'])
    expect(
      namedRolesOf({ subject, verifiedEmail: null }, { admins: [personName.parse(`sub:${subject}`)], auditors: [] }),
    ).toMatchObject({ bySubject: 'admin', byAddress: 'member' })
  for (const text of ['sub:', 'sub:a b', 'sub:ä', 'Sub:1234', `sub:${'a'.repeat(256)}`])
    expect(personName.safeParse(text).success, text).toBe(false)
})

test('the configuration refuses groups that no provider can send', () => {
  for (const group of ['', ' ', ' a', 'a ', 'a\nb', 'a\u202eb', 'a\u200e', 'g'.repeat(1_025)]) {
    expect(isGroupName(group), group).toBe(false)
    expect(signInGroup.safeParse(group).success, group).toBe(false)
  }
  for (const group of ['/platform/admins', 'Team Blue', 'ä', 'g'.repeat(1_024)])
    expect(signInGroup.safeParse(group).success && isGroupName(group), group).toBe(true)
})
