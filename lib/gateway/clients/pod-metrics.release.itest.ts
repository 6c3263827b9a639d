import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Credential = Awaited<ReturnType<Fixture['credential']>>

let fixture: Fixture
let space: Awaited<ReturnType<Fixture['space']>>
let elsewhere: Awaited<ReturnType<Fixture['space']>>
let owner: Awaited<ReturnType<Fixture['person']>>
let viewer: Credential
let departingUser: Credential
let departingUserGrant: string
let stranger: Credential

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const [seeing, leaving, strange] = [
    await fixture.person('seeing'),
    await fixture.person('leaving'),
    await fixture.person('strange'),
  ]
  owner = await fixture.person('owner')
  // Bound on the cluster, so that only the gateway can refuse former members.
  space = await fixture.space(owner, [
    { member: seeing, role: 'viewer' },
    { member: leaving, role: 'viewer' },
  ])
  elsewhere = await fixture.space(strange)
  const [found] = await fixture.sql('SELECT id FROM space_grant WHERE user_id = $1', [leaving.userId])
  departingUserGrant = String(found?.id)
  ;[viewer, departingUser, stranger] = await Promise.all(
    [seeing, leaving, strange].map((who) => fixture.credential(who, { namespace: space.namespace })),
  ).then(([a, b, c]) => {
    if (!a || !b || !c) throw new Error('no credentials')
    return [a, b, c]
  })
  await fixture.runPod(space.namespace, await fixture.credential(owner, { namespace: space.namespace }))
})
afterAll(() => fixture?.close())

const top = (credential: Credential) => credential.run(['top', 'pods', '--no-headers'])
const metricsPath = '/apis/metrics.k8s.io/v1beta1'

test('a viewer sees pod usage with kubectl top', async () => {
  // Metrics need two readings, ten seconds apart.
  await vi.waitFor(async () => expect((await top(viewer)).out).toMatch(/^one +\d+m +16Mi/), {
    timeout: 60_000,
    interval: 1_000,
  })
  expect((await viewer.run(['top', 'pod', 'one', '--containers', '--no-headers'])).out).toMatch(/^one +main +\d+m/)
  expect((await viewer.run(['auth', 'can-i', 'list', 'pods.metrics.k8s.io'])).out.trim()).toBe('yes')
})

test('neither strangers nor former members see pod usage', async () => {
  expect((await top(stranger)).all).toMatch(/Forbidden.*you have no role in this namespace/i)
  expect((await top(departingUser)).out).toMatch(/^one/)
  await fixture.sql('UPDATE space_grant SET ends_at = now() WHERE id = $1', [departingUserGrant])
  await vi.waitFor(
    async () => expect((await top(departingUser)).all).toMatch(/Forbidden.*you have no role in this namespace/i),
    20_000,
  )
  expect((await departingUser.run(['top', 'pod', 'one'])).all).toMatch(/Forbidden/i)
})

test('a credential for another space doesn’t see it, even if its owner is a member', async () => {
  const bound = await fixture.credential(owner, { spaceId: space.id, namespace: elsewhere.namespace })
  expect((await top(bound)).all).toMatch(/Forbidden/i)
})

test.each([
  ['of all namespaces', ['top', 'pods', '--all-namespaces']],
  ['of nodes', ['top', 'nodes']],
  ['of nodes, by name', ['get', '--raw', `${metricsPath}/nodes/development-node`]],
  ['of another space', ['top', 'pods', '-n', 'kube-system']],
])('no one sees the usage %s', async (_what, args) => {
  const ran = await viewer.run(args)
  expect(ran.code).not.toBe(0)
  expect(ran.all).toMatch(/forbidden/i)
})

test('the metrics API serves only pods, to read and not to watch', async () => {
  const inSpace = `${metricsPath}/namespaces/${space.namespace}`
  for (const path of [`${inSpace}/pods?watch=true`, `${inSpace}/nodes`, `${inSpace}/pods/one/status`])
    expect((await viewer.run(['get', '--raw', path])).all, path).toMatch(/forbidden/i)
  const owned = await fixture.credential(owner, { namespace: space.namespace })
  expect((await owned.run(['delete', '--raw', `${inSpace}/pods/one`])).all).toMatch(/forbidden/i)
  const custom = '/apis/custom.metrics.k8s.io/v1beta1'
  expect((await owned.run(['get', '--raw', `${custom}/namespaces/${space.namespace}/pods/*/x`])).all).toMatch(
    /forbidden/i,
  )
})
