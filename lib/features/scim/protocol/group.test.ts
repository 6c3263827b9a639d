import { expect, test } from 'vitest'
import { foldGroupPatch, maxMembers, parseGroup } from './group.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
type PatchInput = { op: 'add' | 'replace' | 'remove'; path?: string; value?: unknown }
const folded = (...operations: PatchInput[]) =>
  foldGroupPatch(operations.map(({ op, path, value }) => ({ op, path, value })))
const sets = (...operations: PatchInput[]) => {
  const { replace, add, remove } = folded(...operations)
  return { replace, add: [...add], remove: [...remove] }
}
const members = (...ids: number[]) => ids.map((n) => ({ value: id(n) }))
const refusal = (code: string) => expect.objectContaining({ code })

test('the last operation on a member counts', () => {
  expect(
    sets(
      { op: 'add', path: 'members', value: members(1, 2) },
      { op: 'remove', path: `members[value eq "${id(1)}"]` },
      { op: 'remove', path: 'members', value: members(3) },
      { op: 'add', value: { members: members(3) } },
    ),
  ).toEqual({ replace: false, add: [id(2), id(3)], remove: [id(1)] })
})

test('replacing or removing all members discards earlier operations', () => {
  const add = { op: 'add' as const, path: 'members', value: members(1) }
  expect(sets(add, { op: 'replace', path: 'members', value: members(2) })).toEqual({
    replace: true,
    add: [id(2)],
    remove: [],
  })
  expect(sets(add, { op: 'remove', path: 'members' })).toEqual({ replace: true, add: [], remove: [] })
  expect(sets({ op: 'replace', value: { members: members(1), id: 'x' } }).replace).toBe(true)
})

test.each<[PatchInput, string]>([
  [{ op: 'add', path: 'members', value: [{ value: 'x' }] }, 'scim_value'],
  [{ op: 'add', path: 'members', value: [{ value: id(1), type: 'Group' }] }, 'scim_value'],
  [
    { op: 'add', path: 'members', value: Array.from({ length: maxMembers + 1 }, (_, n) => ({ value: id(n) })) },
    'scim_too_large',
  ],
  [{ op: 'replace', path: `members[value eq "${id(1)}"].display`, value: 'x' }, 'scim_mutability'],
  [{ op: 'remove', path: 'members[value co "1"]' }, 'scim_path'],
  [{ op: 'remove', path: `members[value eq "' OR 1=1"]` }, 'scim_value'],
  [{ op: 'remove', path: 'displayName' }, 'scim_value'],
  [{ op: 'replace', path: 'displayName', value: 'a\nb' }, 'scim_value'],
  [{ op: 'replace', path: 'id', value: id(1) }, 'scim_mutability'],
  [{ op: 'replace', path: 'nothing', value: 'x' }, 'scim_path'],
])('%# is refused as %s', (operation, code) => {
  expect(() => folded(operation)).toThrow(refusal(code))
})

test('a group needs a name that grants can use', () => {
  for (const displayName of [undefined, '', ' ', 'a\u202eb', 'x'.repeat(257), 1])
    expect(() => parseGroup({ displayName })).toThrow(refusal('scim_value'))
  expect(parseGroup({ DisplayName: ' team ', members: [] })).toEqual({
    displayName: 'team',
    externalId: undefined,
    members: [],
  })
})
