import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Credential = Awaited<ReturnType<Fixture['credential']>>

let fixture: Fixture
let ann: Awaited<ReturnType<Fixture['person']>>
let space: Awaited<ReturnType<Fixture['space']>>
let kubectl: Credential
let bound: Credential

beforeAll(async () => {
  fixture = await openGatewayFixture()
  ann = await fixture.person('ann')
  space = await fixture.space(ann)
  kubectl = await fixture.credential(ann, { namespace: space.namespace })
  bound = await fixture.credential(ann, { namespace: space.namespace, spaceId: space.id })
  await fixture.asAdmin(['apply', '-f', '-'], priorityClass)
})
afterAll(() => fixture?.close())

const priorityClass = JSON.stringify({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: 'cluster-scope-test' },
  value: 1,
})
const user = () => `system:serviceaccount:spaceport-users:${ann.handle}`

test('kubectl works with a bound credential as with any other', async () => {
  const configMap = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } })
  for (const credential of [kubectl, bound]) {
    const run = async (args: string[], input?: string) => {
      const ran = await credential.run(args, input)
      expect(ran.code, `${args.join(' ')}: ${ran.all}`).toBe(0)
      return ran.out
    }
    expect(await run(['version'])).toContain('Server Version')
    expect(await run(['api-resources'])).toMatch(/deployments .*apps\/v1/)
    expect(await run(['api-versions'])).toContain('apps/v1')
    expect(await run(['explain', 'deployment.spec.replicas'])).toContain('Number of desired pods')
    expect(await run(['apply', '-f', '-'], configMap)).toMatch(/created|configured/)
    expect(await run(['apply', '--server-side', '--force-conflicts', '-f', '-'], configMap)).toContain('applied')
    expect(await run(['get', 'configmaps'])).toContain('c ')
    expect(await run(['get', 'namespaces', '-o', 'name'])).toBe(`namespace/${space.namespace}\n`)
    expect(await run(['auth', 'can-i', 'get', 'pods'])).toBe('yes\n')
    expect(await run(['auth', 'can-i', '--list'])).toContain('pods')
    expect(await run(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).toBe(user())
    expect(await run(['get', '--raw', '/readyz'])).toBe('ok')
  }
})

test('an unbound credential can read storage and other classes', async () => {
  for (const kind of ['storageclasses', 'ingressclasses', 'priorityclasses']) {
    expect((await kubectl.run(['get', kind])).code, kind).toBe(0)
    expect((await bound.run(['get', kind])).all, kind).toContain('at the cluster scope: this credential is bound to a')
  }
  expect((await kubectl.run(['get', 'priorityclass', 'cluster-scope-test', '-o', 'name'])).out).toContain(
    'cluster-scope',
  )
  expect((await kubectl.run(['delete', 'priorityclass', 'cluster-scope-test'])).all).toContain('is forbidden')
})

test.each([
  ['get', 'nodes'],
  ['get', 'node', 'somewhere'],
  ['get', 'pods', '-A'],
  ['get', 'deployments', '-A'],
  ['get', 'clusterroles'],
  ['delete', 'clusterrole', 'edit'],
  ['create', 'namespace', 'gw-other'],
  ['get', '--raw', '/metrics'],
  ['get', '--raw', '/api/v1/secrets?limit=1'],
  ['delete', '--raw', '/version'],
])('a refusal has the API server’s wording: %s %s %s', async (...args) => {
  const words = (text: string) => /^Error from server \(Forbidden\): (.*)$/m.exec(text)?.[1] ?? text
  // The API server's answer to the same person, without the gateway.
  const direct = fixture.asAdmin([...args, '--as', user()]).then(
    () => 'allowed',
    (error: Error) => words(error.message.slice(error.message.indexOf('Error from'))),
  )
  const expected = await direct
  expect(expected).toMatch(/forbidden: User/)
  for (const credential of [kubectl, bound]) {
    const { code, all } = await credential.run(args)
    expect(code).not.toBe(0)
    expect(words(all)).toBe(`${expected}: Spaceport gives access to your spaces only; see https://portal.example.com`)
  }
})

test('a person’s rights on the cluster allow nothing outside the list', async () => {
  const name = `${space.namespace}-nodes`
  await fixture.asAdmin(['create', 'clusterrole', name, '--verb=get,list', '--resource=nodes,clusterroles'])
  await fixture.asAdmin(['create', 'clusterrolebinding', name, `--clusterrole=${name}`, `--user=${user()}`])
  try {
    await vi.waitFor(
      async () =>
        expect((await fixture.asAdmin(['get', 'nodes', '-o', 'name', '--as', user()])).out).toContain('node/'),
      { timeout: 30_000, interval: 100 },
    )
    expect((await kubectl.run(['get', 'nodes'])).all).toContain('at the cluster scope')

    const other = await fixture.start({ SPACEPORT_CLUSTER_READABLE: ['nodes'] })
    try {
      const server = `--server=https://127.0.0.1:${other.port}/clusters/default`
      expect((await kubectl.run(['get', 'nodes', '-o', 'name', server])).out).toContain('node/')
      expect((await bound.run(['get', 'nodes', server])).all).toContain('this credential is bound to a space')
      expect((await kubectl.run(['get', 'clusterroles', server])).all).toContain('at the cluster scope')
      expect((await kubectl.run(['get', 'storageclasses', server])).all).toContain('at the cluster scope')
    } finally {
      await other.stop()
    }
  } finally {
    await fixture.asAdmin(['delete', `clusterrole/${name}`, `clusterrolebinding/${name}`])
  }
})
