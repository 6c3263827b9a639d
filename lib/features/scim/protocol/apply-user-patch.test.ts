import { expect, test } from 'vitest'
import { applyUserPatch } from './apply-user-patch.ts'
import type { Data } from './attribute.ts'
import { enterpriseUser } from './urns.ts'
import { allUserAttributes } from './user.ts'

const attributes = allUserAttributes('externalId')
const user: Data = {
  userName: 'bjensen',
  active: true,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [
    { value: 'work@example.com', type: 'work', primary: true },
    { value: 'home@example.com', type: 'home' },
  ],
}

type PatchInput = { op: 'add' | 'replace' | 'remove'; path?: string; value?: unknown }
const patched = (...operations: PatchInput[]) =>
  applyUserPatch(
    user,
    operations.map(({ op, path, value }) => ({ op, path, value })),
    attributes,
  )
const refusal = (code: string) => expect.objectContaining({ code })

test('a patch changes a copy', () => {
  const before = structuredClone(user)
  patched({ op: 'remove', path: 'emails' }, { op: 'replace', path: 'name.givenName', value: 'B' })
  expect(user).toEqual(before)
})

test('sub-attributes that a patch doesn’t name stay; unassigned values are removed', () => {
  expect(patched({ op: 'replace', path: 'name', value: { givenName: 'Babs' } }).name).toEqual({
    givenName: 'Babs',
    familyName: 'Jensen',
  })
  expect(patched({ op: 'replace', path: 'name.givenName', value: '' }).name).toEqual({ familyName: 'Jensen' })
  expect(
    patched({ op: 'remove', path: 'name.givenName' }, { op: 'remove', path: 'name.familyName' }),
  ).not.toHaveProperty('name')
})

test('an added primary value replaces the previous primary, and duplicates are not added', () => {
  const added = { value: 'new@example.com', type: 'other', primary: true }
  expect(patched({ op: 'add', path: 'emails', value: [added] }).emails).toEqual([
    { value: 'work@example.com', type: 'work', primary: false },
    { value: 'home@example.com', type: 'home' },
    added,
  ])
  expect(
    patched({ op: 'add', path: 'emails', value: { value: 'home@example.com', type: 'home' } }).emails,
  ).toHaveLength(2)
})

test('filters select values to change or remove, and add one where none matches', () => {
  expect(patched({ op: 'replace', path: 'emails[type eq "WORK"].value', value: 'x@example.com' }).emails).toMatchObject(
    [{ value: 'x@example.com', type: 'work' }, { value: 'home@example.com' }],
  )
  expect(patched({ op: 'remove', path: 'emails[type ne "work"]' }).emails).toHaveLength(1)
  expect(patched({ op: 'remove', path: 'emails[type pr]' })).not.toHaveProperty('emails')
  expect(patched({ op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '1' }).phoneNumbers).toEqual([
    { type: 'mobile', value: '1' },
  ])
  expect(() => patched({ op: 'replace', path: 'phoneNumbers[type pr].value', value: '1' })).toThrow(
    refusal('scim_target'),
  )
})

test('the extension is addressed by its URN, and disappears with its last value', () => {
  const manager = patched({ op: 'add', path: `${enterpriseUser}:manager`, value: 'm1' })
  expect(manager[enterpriseUser]).toEqual({ manager: { value: 'm1' } })
  expect(
    patched(
      { op: 'add', value: { [enterpriseUser]: { department: 'd' } } },
      { op: 'remove', path: `${enterpriseUser}:department` },
    ),
  ).not.toHaveProperty([enterpriseUser])
})

test.each<[PatchInput, string]>([
  [{ op: 'add', path: 'nothing', value: 1 }, 'scim_path'],
  [{ op: 'add', path: 'name.nothing', value: 1 }, 'scim_path'],
  [{ op: 'add', path: 'name.givenName.deeper', value: 1 }, 'scim_path'],
  [{ op: 'add', path: 'name[givenName eq "x"]', value: 1 }, 'scim_path'],
  [{ op: 'add', path: 'constructor.prototype', value: 1 }, 'scim_path'],
  [{ op: 'add', path: '__proto__', value: { x: 1 } }, 'scim_path'],
  [{ op: 'remove', path: 'emails[__proto__ eq "x"]' }, 'scim_path'],
  [{ op: 'replace', path: 'id', value: 'x' }, 'scim_mutability'],
  [{ op: 'replace', path: 'groups', value: [] }, 'scim_mutability'],
  [{ op: 'replace', path: 'meta.created', value: 'x' }, 'scim_mutability'],
  [{ op: 'replace', path: 'active', value: 'perhaps' }, 'scim_value'],
  [{ op: 'remove', path: 'active' }, 'scim_value'],
  [{ op: 'replace', path: 'userName', value: '' }, 'scim_value'],
  [{ op: 'replace', path: 'title', value: ['x'] }, 'scim_value'],
  [{ op: 'replace', path: 'title', value: 'a\u202eb' }, 'scim_value'],
  [{ op: 'replace', value: 'x' }, 'scim_value'],
])('%j is refused as %s', (operation, code) => {
  expect(() => patched(operation)).toThrow(refusal(code))
})

test('known attributes that aren’t stored are ignored, passwords above all', () => {
  expect(
    patched({ op: 'add', path: 'password', value: 'secret' }, { op: 'add', value: { password: 'x', custom: 1 } }),
  ).toEqual(user)
})

test('a patch that accumulates values is refused before its cost grows quadratically', () => {
  const pile = (make: (text: string) => object) =>
    Array.from({ length: 1_000 }, (_, n) => {
      const value = Array.from({ length: 50 }, (_, m) => make(`${n}-${m}`))
      return { op: 'add' as const, path: 'emails', value }
    })
  const before = process.cpuUsage()
  expect(() => patched(...pile((value) => ({ value })))).toThrow(refusal('scim_value'))
  expect(() => patched(...pile((display) => ({ display: display.repeat(150) })))).toThrow(refusal('scim_value'))
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000)
})
