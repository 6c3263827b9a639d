import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { declarableMembers, renderSpaceManifest } from '#lib/features/spaces/model/render-space-manifest.ts'
import type { GrantView } from '#lib/kernel/model/spaces/space-view.ts'
import { parseSpaceSpec } from './parse-space-object.ts'

test.each([
  'plain',
  '',
  'with: colon # and "quotes"',
  '- a list\n  of: lines\n---',
  '\u2028 {{ template }} $HOME \\n é 🚀',
  'yes',
])('an exported manifest declares the same space for any description: %j', (description) => {
  const endsAt = new Date('2030-12-31T23:59:59Z')
  const members = [
    { person: 'bob-1a2b3c', role: 'admin' as const, endsAt: null },
    { group: 'team: "a"', role: 'viewer' as const, endsAt },
  ]
  const text = renderSpaceManifest({ name: 'shop', namespace: 'team-a', description, size: 'M', endsAt, members })
  const object = parse(text)
  expect(object).toMatchObject({
    apiVersion: 'spaceport.dev/v1alpha1',
    kind: 'Space',
    metadata: { name: 'shop', namespace: 'team-a' },
  })
  expect(parseSpaceSpec(object.spec)).toEqual({
    ok: true,
    declared: { description: description.trim(), size: 'M', endsAt, members, reason: '', deletes: false },
  })
})

test('members are omitted if the portal manages them, and an empty list stays empty', () => {
  const space = { name: 'shop', namespace: 'team-a', description: '', size: 'S' as const, endsAt: null }
  expect(parse(renderSpaceManifest({ ...space, members: null })).spec).toEqual({ size: 'S' })
  expect(parse(renderSpaceManifest({ ...space, members: [] })).spec).toEqual({ size: 'S', members: [] })
})

test('a name that looks like a number stays a string', () => {
  const text = renderSpaceManifest({
    name: '123',
    namespace: '1e3',
    description: '',
    size: 'S',
    endsAt: null,
    members: null,
  })
  expect(parse(text).metadata).toEqual({ name: '123', namespace: '1e3' })
})

test('roles from requests and groups of other providers are not declared', () => {
  const grant = {
    id: 'x',
    role: 'viewer',
    startsAt: null,
    endsAt: null,
    byRequest: false,
    asPlatformAdmin: false,
    isSelf: false,
  } as const
  const grants: GrantView[] = [
    { ...grant, principal: { kind: 'user', handle: 'bob-1a2b3c', name: 'Bob', email: '' } },
    { ...grant, byRequest: true, principal: { kind: 'user', handle: 'eve-1a2b3c', name: 'Eve', email: '' } },
    { ...grant, principal: { kind: 'group', name: 'ours', issuer: null, people: 1 } },
    { ...grant, principal: { kind: 'group', name: 'ours', issuer: 'https://elsewhere.test', people: 1 } },
  ]
  expect(declarableMembers(grants)).toEqual([
    { person: 'bob-1a2b3c', role: 'viewer', endsAt: null },
    { group: 'ours', role: 'viewer', endsAt: null },
  ])
})
