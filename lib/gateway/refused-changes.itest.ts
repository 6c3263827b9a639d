import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { rawExec } from '#dev/testing/network/raw-exec.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Credential = Awaited<ReturnType<Fixture['credential']>>

let fixture: Fixture
let namespace: string
let owner: Credential

const secret = 'hunter2-is-nobodys-business'

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const owning = await fixture.person('owner')
  namespace = (await fixture.space(owning)).namespace
  owner = await fixture.credential(owning, { namespace })
  // Pods need the ServiceAccount, and the quota counts them.
  const settled = ['--for=jsonpath={.status.used}', 'resourcequota/spaceport', '--timeout=60s']
  await fixture.asAdmin(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s'])
  await fixture.asAdmin(['-n', namespace, 'wait', ...settled])
  expect((await owner.run(['create', 'configmap', 'there'])).code).toBe(0)
})
afterAll(() => fixture?.close())

async function outcomeOf({ id }: Credential, code: number) {
  const [row] = await vi.waitFor(async () => {
    const rows = await fixture.sql(
      `SELECT outcome::text, reason, detail -> 'refusal' AS refusal FROM audit_event
       WHERE detail ->> 'credential' = $1 AND detail ->> 'code' = $2 AND intent_id IS NOT NULL ORDER BY seq DESC LIMIT 1`,
      [id, String(code)],
    )
    expect(rows).toHaveLength(1)
    return rows
  }, 30_000)
  return row
}

async function refused(by: Credential, args: string[], object?: unknown): Promise<void> {
  const { code, all } = await by.run(args, object === undefined ? undefined : JSON.stringify(object))
  expect(code, all).toBe(1)
}

const pod = (spec: object, metadata: object = { name: uniqueName('pod') }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'main', image: 'example/none', ...spec }] },
})
const cpus = (count: string) => ({ resources: { requests: { cpu: '1m' }, limits: { cpu: count } } })

test('an exceeded quota is named with its resource', async () => {
  const create = async () => (await owner.run(['create', '-f', '-'], JSON.stringify(pod(cpus('4'))))).all
  // How many fit depends on what the quota’s controller has counted.
  await vi.waitFor(async () => expect(await create()).toContain('exceeded quota'), { timeout: 60_000, interval: 0 })
  expect(await outcomeOf(owner, 403)).toEqual({
    outcome: 'refused',
    reason: 'cluster_403',
    refusal: { kind: 'quota', of: ['limits.cpu'] },
  })
})

test('container limits and Pod Security are recorded as reasons', async () => {
  await refused(owner, ['create', '-f', '-'], pod(cpus('64')))
  expect(await outcomeOf(owner, 403)).toMatchObject({ refusal: { kind: 'container-limit', of: ['cpu'] } })
  await refused(owner, ['create', '-f', '-'], pod({ securityContext: { privileged: true } }))
  expect(await outcomeOf(owner, 403)).toMatchObject({ refusal: { kind: 'pod-security', of: ['baseline'] } })
})

test('granting rights that the person lacks is recorded as the reason', async () => {
  await refused(owner, ['create', 'rolebinding', 'other', '--clusterrole=cluster-admin', '--user=mallory'])
  expect(await outcomeOf(owner, 403)).toMatchObject({ refusal: { kind: 'rights' } })
})

test('exec into a missing pod is recorded as not found', async () => {
  const opened = rawExec('websocket', {
    port: fixture.port,
    ca: fixture.ca,
    token: owner.token,
    path: `/clusters/default/api/v1/namespaces/${namespace}/pods/missing/exec?command=true&stdout=1`,
  })
  await expect(opened).rejects.toThrow('404')
  expect(await outcomeOf(owner, 404)).toMatchObject({ refusal: { kind: 'absent' } })
})

test('an admission policy is named', async () => {
  await refused(owner, ['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  })
  expect(await outcomeOf(owner, 403)).toMatchObject({ refusal: { kind: 'policy', of: ['spaceport-reach'] } })
})

test('existing, missing and conflicting objects are recorded as such', async () => {
  await refused(owner, ['create', 'configmap', 'there'])
  expect(await outcomeOf(owner, 409)).toMatchObject({ outcome: 'failed', refusal: { kind: 'exists' } })
  await refused(owner, ['delete', 'configmap', 'missing'])
  expect(await outcomeOf(owner, 404)).toMatchObject({ refusal: { kind: 'absent' } })
  await refused(owner, ['replace', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'there', resourceVersion: '1' },
    data: { a: 'b' },
  })
  expect(await outcomeOf(owner, 409)).toMatchObject({ refusal: { kind: 'conflict' } })
})

test('the values of an invalid object stay out of the trail', async () => {
  await refused(owner, ['create', '-f', '-', '--validate=false'], {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key', labels: { of: `${secret} "exceeded quota: spaceport, requested: pods=1, used: ` } },
    stringData: { [`${secret}/`]: secret },
  })
  expect(await outcomeOf(owner, 422)).toMatchObject({ refusal: { kind: 'invalid' } })
  expect(JSON.stringify(await fixture.sql('SELECT * FROM audit_event'))).not.toContain(secret)
})

test('a name that imitates another refusal is not taken for one', async () => {
  const name = 'x" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20'
  await refused(owner, ['create', '-f', '-', '--validate=false'], pod({}, { name }))
  expect(await outcomeOf(owner, 422)).toMatchObject({ refusal: { kind: 'invalid' } })
})
