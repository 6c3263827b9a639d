import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

/**
 * The tests' API server under a separate name, so that only this file's spaces are on a cluster without admission
 * policies.
 */
const cluster = uniqueName('unfenced')
let fixture: Fixture
let gateways: Record<'read-only' | 'closed' | 'open', Awaited<ReturnType<Fixture['start']>>>
let space: Awaited<ReturnType<Fixture['space']>>
let credential: Awaited<ReturnType<Fixture['credential']>>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const context = z.object({ 'current-context': z.string() }).parse(parse(readFileSync(inject('kubeGateway'), 'utf8')))[
    'current-context'
  ]
  const start = (withoutFences: 'read-only' | 'closed' | 'open') =>
    fixture.start({ SPACEPORT_CLUSTERS: [{ name: cluster, context }], SPACEPORT_WITHOUT_FENCES: withoutFences })
  const [readOnly, closed, open] = await Promise.all([start('read-only'), start('closed'), start('open')])
  gateways = { 'read-only': readOnly, closed, open }
  const owner = await fixture.person('owner')
  space = await fixture.space(owner)
  await fixture.sql(`INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), $1)`, [cluster])
  await fixture.sql(`UPDATE space SET cluster_id = (SELECT id FROM cluster WHERE name = $1) WHERE id = $2`, [
    cluster,
    space.id,
  ])
  credential = await fixture.credential(owner, { namespace: space.namespace })
})
afterAll(async () => {
  await Promise.all(Object.values(gateways ?? {}).map((gateway) => gateway.stop()))
  await fixture?.close()
})

const through = (door: keyof typeof gateways, ...args: string[]) => [
  '--server',
  `https://127.0.0.1:${gateways[door].port}/clusters/${cluster}`,
  ...args,
]
const faults = (found: { policy: string; fault: string }[]) =>
  fixture.sql(`UPDATE cluster SET fence_faults = $1::jsonb WHERE name = $2`, [JSON.stringify(found), cluster])
const missing = [{ policy: 'spaceport-reach', fault: 'its binding is not installed' }]
const configMap = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: {} })
const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'one' },
  spec: { containers: [{ name: 'main', image: 'example/none' }] },
})
const soon = { timeout: 30_000, interval: 200 }

test('losing the admission policies stops changes and exec at once, cuts open sessions, and still allows reading', async () => {
  await vi.waitFor(
    async () => expect((await credential.run(through('read-only', 'apply', '-f', '-'), pod)).code).toBe(0),
    soon,
  )
  await fixture.asAdmin(['-n', space.namespace, 'wait', '--for=condition=Ready', 'pod/one', '--timeout=50s'])
  const inside = credential.open(through('read-only', 'exec', 'one', '--', 'sh', '-c', 'echo started; sleep 60'))
  const follow = credential.open(through('read-only', 'get', 'configmaps', '--watch'))
  await Promise.all([inside, follow].map((child) => child.stdout && once(child.stdout, 'data')))
  const ended = once(inside, 'exit')

  await faults(missing)
  const at = performance.now()
  await ended
  // Long before it would end on its own; kubectl is slow to give up.
  expect(performance.now() - at).toBeLessThan(10_000)
  expect(follow.exitCode).toBeNull()
  for (const [args, input] of [
    [['create', '-f', '-'], configMap('made')],
    [['delete', 'pod', 'one'], undefined],
    [['exec', 'one', '--', 'true'], undefined],
  ] as const) {
    const ran = await credential.run(through('read-only', ...args), input)
    expect(ran.code).not.toBe(0)
    expect(ran.all).toContain('is read-only, without exec, attach and port-forward, until a platform admin')
  }
  expect((await credential.run(through('read-only', 'get', 'pods', '-o', 'name'))).out).toContain('pod/one')
  expect((await credential.run(through('closed', 'get', 'pods'))).all).toContain('is closed until a platform admin')
  expect((await credential.run(through('open', 'create', '-f', '-'), configMap('through'))).code).toBe(0)
  follow.kill()

  await faults([])
  const mayGetIn = async () => (await credential.run(through('closed', 'get', 'pods'))).code
  const mayChange = async () =>
    (await credential.run(through('read-only', 'create', '--dry-run=server', '-f', '-'), configMap('any'))).code
  await expect.poll(mayGetIn).toBe(0)
  await expect.poll(mayChange).toBe(0)
  for (const door of ['read-only', 'closed'] as const)
    expect((await credential.run(through(door, 'create', '-f', '-'), configMap(door))).code).toBe(0)
})
