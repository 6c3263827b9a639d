import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import {
  isPlatformNamespace,
  platformNames,
  platformPrefixes,
  reservedNames,
} from '#lib/features/spaces/model/reserved-names.ts'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { request } from '#lib/kube/client/request.ts'

/** The namespaces that no network policy of a space may lead to: the domain’s list, and the operator's additions. */
const fixture = openClusterFixture()
type Space = Awaited<ReturnType<typeof fixture.makeSpace>>
let space: Space
let extended: Space
beforeAll(async () => {
  const platformNamespaces = ['billing', 'infra-*']
  ;[space, extended] = await Promise.all([
    fixture.makeSpace(),
    fixture.makeSpace([], { ...defaultReach, platformNamespaces }),
  ])
})
afterAll(() => fixture.close())

async function leadTo(within: Space, namespaceSelector: unknown, ports?: unknown[]): Promise<string> {
  const body = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'made' },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector }], ...(ports && { ports }) }],
    },
  }
  const path = `/apis/networking.k8s.io/v1/namespaces/${within.namespace}/networkpolicies`
  const asked = { method: 'POST' as const, path, query: { dryRun: 'All' }, body, as: within.owner }
  try {
    await request(fixture.broker, asked, z.unknown())
    return 'allowed'
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}
const key = 'kubernetes.io/metadata.name'
const named = (name: string) => ({ matchLabels: { [key]: name } })
const oneOf = (...values: string[]) => ({ matchExpressions: [{ key, operator: 'In', values }] })
// The fence that reads the space’s own policy knows a new space a moment later.
const soon = { timeout: 30_000, interval: 100 }

test('the fence and the domain agree on the platform’s namespaces', { timeout: 120_000 }, async () => {
  const families = platformPrefixes.flatMap((prefix) => [`${prefix}x`, `x${prefix}x`, prefix.replace(/-+$/, '')])
  const others = ['my-system', 'system', 'a-systems', 'ab', 'com', 'svc', 'team-1']
  const queue = [
    ...new Set([
      ...platformNames.flatMap((name) => [name, `${name}-1`, `my-${name}`]),
      ...reservedNames,
      ...families,
      ...others,
    ]),
  ]
  await vi.waitFor(async () => expect(await leadTo(space, named('other'))).toBe('allowed'), soon)
  const differing: string[] = []
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
        const expected = isPlatformNamespace(name) ? 'forbidden' : 'allowed'
        const answer = await leadTo(space, named(name))
        if (answer !== expected) differing.push(`${name}: ${answer}`)
      }
    }),
  )
  expect(differing).toEqual([])
})

test.each<[string, unknown]>([
  ['by name', named('billing')],
  ['by a name of a family', named('infra-db')],
  ['by its name among others', oneOf('other', 'billing')],
  ['by a family among others', oneOf('infra-2', 'other')],
  ['by a label that may be on any namespace', { matchLabels: { team: 'a' } }],
  [
    'by its name and a second expression',
    { matchExpressions: [...oneOf('billing').matchExpressions, { key: 'a', operator: 'Exists' }] },
  ],
])('no network policy leads to a namespace that the operator adds, %s', async (_how, selector) => {
  await vi.waitFor(async () => expect(await leadTo(extended, named('other'))).toBe('allowed'), soon)
  expect(await leadTo(extended, selector)).toBe('forbidden')
})

test('the operator’s additions count only there, by their whole name, and not for DNS', async () => {
  await vi.waitFor(async () => expect(await leadTo(extended, named('other'))).toBe('allowed'), soon)
  await vi.waitFor(async () => expect(await leadTo(space, named('billing'))).toBe('allowed'), soon)
  for (const name of ['billing-2', 'my-billing', 'infra', 'my-infra-db'])
    expect([name, await leadTo(extended, named(name))]).toEqual([name, 'allowed'])
  expect(await leadTo(extended, named('billing'), [{ port: 53, protocol: 'UDP' }])).toBe('allowed')
  expect(await leadTo(extended, named('argocd'))).toBe('forbidden')
})

test('no member can write the operator’s additions', async () => {
  const asked = {
    method: 'PATCH' as const,
    path: `/api/v1/namespaces/${extended.namespace}`,
    query: { dryRun: 'All' },
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: { 'spaceport.dev/platform-namespaces': '' } } },
  }
  expect(await extended.tryAsOwner(asked)).toBe('forbidden')
})
