import { expect, test } from 'vitest'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { hasDrifted } from './drift.ts'
import { metadataRanges } from './metadata-ranges.ts'
import { type DesiredSpace, renderSpace } from './render-space.ts'

const person = (name: string) => ({ userId: name, handle: `${name}-000000`, email: `${name}@example.com`, name })
const wanted: DesiredSpace = {
  id: '00000000-0000-4000-8000-000000000001',
  name: 'team',
  namespace: 'dev-team',
  creation: 'random',
  description: 'Ours',
  size: 'S',
  endsAt: new Date('2027-01-01T00:00:00Z'),
  requestId: null,
  owner: person('olga'),
  members: [
    { member: person('zed'), role: 'viewer' },
    { member: person('amy'), role: 'viewer' },
    { member: person('olga'), role: 'admin' },
  ],
  grants: [
    {
      id: '00000000-0000-4000-8000-000000000002',
      to: { handle: 'amy-000000' },
      role: 'viewer',
      startsAt: new Date('2026-01-01T00:00:00Z'),
      endsAt: null,
      requestId: null,
      withheldFrom: [],
    },
    {
      id: '00000000-0000-4000-8000-000000000003',
      to: { group: 'team', issuer: 'https://issuer.test' },
      role: 'viewer',
      startsAt: new Date('2026-01-01T00:00:00Z'),
      endsAt: new Date('2026-02-01T00:00:00Z'),
      requestId: '00000000-0000-4000-8000-000000000004',
      withheldFrom: ['zed-000000', 'olga-000000'],
    },
  ],
}

test('a space renders exactly these objects', () => {
  expect(renderSpace(wanted, defaultReach)).toMatchSnapshot()
})

test('the order of members doesn’t matter', () => {
  expect(renderSpace({ ...wanted, members: wanted.members.toReversed() }, defaultReach)).toEqual(
    renderSpace(wanted, defaultReach),
  )
})

test('every binding names only our ServiceAccounts', () => {
  for (const binding of renderSpace(wanted, defaultReach).access) {
    for (const subject of binding.subjects as unknown[])
      expect(subject).toMatchObject({ kind: 'ServiceAccount', namespace: 'spaceport-users' })
  }
})

test('added fields aren’t drift; changes to our fields are', () => {
  const [quota] = renderSpace(wanted, defaultReach).limits
  if (!quota) throw new Error('no quota')
  const spec = quota.spec as { hard: Record<string, string> }
  expect(
    hasDrifted(quota, { ...quota, status: {}, metadata: { ...quota.metadata, annotations: { theirs: '1' } } }),
  ).toBe(false)
  expect(hasDrifted(quota, { ...quota, spec: { hard: { ...spec.hard, pods: '999' } } })).toBe(true)
  expect(hasDrifted(quota, undefined)).toBe(true)
  const [binding] = renderSpace(wanted, defaultReach).access
  if (!binding) throw new Error('no binding')
  expect(
    hasDrifted(binding, {
      ...binding,
      subjects: [...(binding.subjects as unknown[]), { kind: 'User', name: 'eve' }],
    }),
  ).toBe(true)
})

test('a network policy with wider rules or another selector has drifted', () => {
  const isolation = renderSpace(wanted, defaultReach).limits.find(({ kind }) => kind === 'NetworkPolicy')
  if (!isolation) throw new Error('no network policy')
  const spec = isolation.spec as { ingress: unknown[] }
  const changed = (more: Record<string, unknown>) => hasDrifted(isolation, { ...isolation, spec: { ...spec, ...more } })
  expect(changed({})).toBe(false)
  expect(changed({ podSelector: { matchLabels: { nobody: 'has it' } } })).toBe(true)
  expect(changed({ ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] })).toBe(true)
  expect(changed({ ingress: [...spec.ingress, {}] })).toBe(true)
})

test('denied ranges are excluded from egress, for IPv4 and IPv6 separately; suffixes are annotated on the namespace', () => {
  const reach = {
    ...defaultReach,
    deniedCidrs: ['10.0.0.0/8', 'fd00::/8'],
    ingressSuffixes: ['a.example.com', 'b.example.com'],
    platformNamespaces: [],
  }
  const { namespace, limits } = renderSpace(wanted, reach)
  const isolation = limits.find(({ kind }) => kind === 'NetworkPolicy')
  expect(isolation?.spec).toMatchObject({
    egress: [
      {},
      {},
      {
        to: [
          { ipBlock: { cidr: '0.0.0.0/0', except: [...metadataRanges.ipv4, '10.0.0.0/8'] } },
          { ipBlock: { cidr: '::/0', except: [...metadataRanges.ipv6, 'fd00::/8'] } },
        ],
      },
    ],
  })
  expect(namespace.metadata.annotations).toMatchObject({
    'spaceport.dev/ingress-suffixes': 'a.example.com,b.example.com',
  })
})

test('a suffix that is no longer configured counts as drift', () => {
  const { namespace } = renderSpace(wanted, defaultReach)
  const before = renderSpace(wanted, {
    ...defaultReach,
    ingressSuffixes: ['a.example.com'],
    platformNamespaces: [],
  }).namespace
  expect(hasDrifted(namespace, before)).toBe(true)
})
