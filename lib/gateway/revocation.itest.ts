import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import https from 'node:https'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let space: Awaited<ReturnType<Fixture['space']>>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
})
afterAll(() => fixture?.close())

type Watch = { lines: string[]; closed: Promise<number> }

async function watch(token: string, path: string): Promise<Watch> {
  const request = https.get({
    host: '127.0.0.1',
    port: fixture.port,
    ca: fixture.ca,
    agent: false,
    path: `/clusters/default${path}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  })
  request.on('error', () => {})
  const [response] = await once(request, 'response')
  expect(response.statusCode).toBe(200)
  const lines: string[] = []
  response.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  response.on('error', () => {})
  return { lines, closed: new Promise((resolve) => response.on('close', () => resolve(performance.now()))) }
}

const lastEvent = ({ lines }: Watch) => JSON.parse(lines.at(-1) ?? '{}')
const pods = () => `/api/v1/namespaces/${space.namespace}/pods?watch=true`

/** A revocation may take a second. Without a notification, the gateway finds out by polling every two seconds. */
const quickMs = 500

/** @returns milliseconds */
async function timeToCut(opened: Watch, change: () => Promise<unknown>): Promise<number> {
  await change()
  const changedAt = performance.now()
  return (await opened.closed) - changedAt
}

test('revoking a credential cuts its watch within a second, with the reason, and the next request is refused', async () => {
  const revoke = async () => {
    const credential = await fixture.credential(owner, { namespace: space.namespace })
    const opened = await watch(credential.token, pods())
    const took = await timeToCut(opened, () =>
      fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id]),
    )
    expect(lastEvent(opened)).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 401 } })
    expect(lastEvent(opened).object.message).toContain(
      'revoked; get a new one at https://portal.example.com/credentials',
    )
    expect((await credential.run(['get', 'pods'])).all).toContain('this credential was revoked; get a new one at')
    return took
  }
  expect(await fastestOfThree(quickMs, revoke)).toBeLessThan(quickMs)
})

test('deactivating a person cuts their watches, and the next request is refused', async () => {
  const deactivate = async () => {
    const person = await fixture.person('departing')
    await fixture.grant(space.id, person, 'viewer')
    const credential = await fixture.credential(person, { namespace: space.namespace })
    const opened = await watch(credential.token, '/api/v1/namespaces?watch=true')
    const took = await timeToCut(opened, () =>
      fixture.sql('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [person.userId]),
    )
    expect((await credential.run(['get', 'pods'])).all).toContain('deactivated')
    return took
  }
  expect(await fastestOfThree(quickMs, deactivate)).toBeLessThan(quickMs)
})

test('removing a grant cuts watches and namespaces, even while the cluster still has the binding', async () => {
  const remove = async () => {
    const member = await fixture.person('member')
    const shared = await fixture.space(owner, [{ member, role: 'editor' }])
    const credential = await fixture.credential(member, { namespace: shared.namespace })
    const inside = await watch(credential.token, `/api/v1/namespaces/${shared.namespace}/pods?watch=true`)
    const names = await watch(credential.token, '/api/v1/namespaces?watch=true')
    const took = await timeToCut(inside, () =>
      fixture.sql('UPDATE space_grant SET removed_at = now() WHERE user_id = $1', [member.userId]),
    )
    // It says so and continues, or ends if its first bookmark has not come yet.
    const saysSo = () => {
      const { type, object } = lastEvent(names)
      return type === 'DELETED' || (type === 'ERROR' && object.code === 410)
    }
    await expect.poll(saysSo, { timeout: 30_000 }).toBe(true)
    expect((await credential.run(['get', 'pods'])).all).toContain('you have no role in this namespace')
    expect((await credential.run(['get', 'namespaces', '-o', 'name'])).out).toBe('')
    const reasons = () =>
      fixture.sql(`SELECT DISTINCT reason FROM audit_event WHERE detail ->> 'credential' = $1`, [credential.id])
    await expect.poll(reasons, { message: 'the API server refused nothing' }).toEqual([{ reason: 'no_access' }])
    return took
  }
  expect(await fastestOfThree(quickMs, remove)).toBeLessThan(quickMs)
})

test('a change with a body that arrives after the revocation is refused, and the trail has the refusal', async () => {
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } })
  const request = https.request({
    host: '127.0.0.1',
    port: fixture.port,
    ca: fixture.ca,
    agent: false,
    method: 'POST',
    path: `/clusters/default/api/v1/namespaces/${space.namespace}/configmaps`,
    headers: {
      authorization: `Bearer ${credential.token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  })
  request.on('error', () => {})
  request.write(body.slice(0, -1))
  // The use of its credential shows that the request has been admitted.
  await vi.waitFor(async () => {
    const [row] = await fixture.sql('SELECT last_used_at FROM credential_use WHERE credential_id = $1', [credential.id])
    expect(row?.last_used_at).toBeTruthy()
  }, 30_000)
  // Notifications arrive in order: once the gateway has cut this watch, it knows of the earlier revocation.
  const other = await fixture.credential(owner, { namespace: space.namespace })
  const opened = await watch(other.token, pods())
  for (const { id } of [credential, other])
    await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [id])
  await opened.closed
  request.end(body.slice(-1))
  const [response] = await once(request, 'response')
  response.resume()
  expect(response.statusCode).toBe(401)
  expect(
    await fixture.asAdmin(['-n', space.namespace, 'get', 'configmap', 'late', '--ignore-not-found']),
  ).toMatchObject({ out: '' })
  const rows = () =>
    fixture.sql(`SELECT outcome, reason FROM audit_event WHERE detail ->> 'credential' = $1`, [credential.id])
  await expect.poll(rows).toEqual([{ outcome: 'refused', reason: 'credential_revoked' }])
})

test('a space being deleted is closed at once, even to a credential for all spaces', async () => {
  const leaving = await fixture.space(owner)
  const credential = await fixture.credential(owner)
  const opened = await watch(credential.token, `/api/v1/namespaces/${leaving.namespace}/pods?watch=true`)
  await timeToCut(opened, () => fixture.sql(`UPDATE space SET status = 'deleting' WHERE id = $1`, [leaving.id]))
  expect((await credential.run(['-n', leaving.namespace, 'get', 'pods'])).all).toContain(
    'you have no role in this namespace',
  )
  expect((await credential.run(['get', 'namespaces', '-o', 'name'])).out).not.toContain(leaving.namespace)
})

test('grants and credentials end by the gateway’s clock, without a write', async () => {
  const guest = await fixture.person('guest')
  // The binding that a worker would have created; here it outlives the grant.
  await fixture.asAdmin([
    '-n',
    space.namespace,
    'create',
    'rolebinding',
    'left-over',
    '--clusterrole=spaceport:viewer',
    `--serviceaccount=spaceport-users:${guest.handle}`,
  ])
  await fixture.untilBound(space.namespace, guest)
  const end = async () => {
    const grantId = await fixture.grant(space.id, guest, 'viewer', 3_600_000)
    const credential = await fixture.credential(guest, { namespace: space.namespace })
    const short = await fixture.credential(owner, { namespace: space.namespace })
    const watches = await Promise.all([watch(credential.token, pods()), watch(short.token, pods())])
    const ends = Date.now() + 2_000
    await fixture.sql('UPDATE space_grant SET ends_at = $1 WHERE id = $2', [new Date(ends), grantId])
    await fixture.sql('UPDATE credential SET ends_at = $1 WHERE id = $2', [new Date(ends), short.id])
    await Promise.all(watches.map(({ closed }) => closed))
    const late = Date.now() - ends
    expect(late).toBeGreaterThanOrEqual(0)
    expect((await credential.run(['get', 'pods'])).all).toContain('you have no role in this namespace')
    expect((await short.run(['get', 'pods'])).all).toContain('this credential has expired; get a new one at')
    // A person has one grant for themselves in a space.
    await fixture.sql('UPDATE space_grant SET removed_at = now() WHERE id = $1', [grantId])
    return late
  }
  // The gateway reads everything again every thirty seconds.
  expect(await fastestOfThree(1_000, end)).toBeLessThan(1_000)
})

test('a scheduled grant gives nothing before its start, and starts by the gateway’s clock', async () => {
  const guest = await fixture.person('guest')
  await fixture.asAdmin([
    '-n',
    space.namespace,
    'create',
    'rolebinding',
    'too-early',
    '--clusterrole=spaceport:viewer',
    `--serviceaccount=spaceport-users:${guest.handle}`,
  ])
  await fixture.untilBound(space.namespace, guest)
  const grantId = await fixture.grant(space.id, guest, 'viewer', 3_600_000)
  await fixture.sql(`UPDATE space_grant SET starts_at = now() + interval '30 minutes' WHERE id = $1`, [grantId])
  const credential = await fixture.credential(guest, { namespace: space.namespace })
  expect((await credential.run(['get', 'pods'])).all).toContain('you have no role in this namespace')
  const starts = Date.now() + 3_000
  await fixture.sql('UPDATE space_grant SET starts_at = $1 WHERE id = $2', [new Date(starts), grantId])
  await expect.poll(async () => (await credential.run(['get', 'pods'])).code, { timeout: 30_000 }).toBe(0)
  expect(Date.now()).toBeGreaterThanOrEqual(starts)
})

test('a revocation cuts exec, attach and port-forward, over WebSocket and SPDY, in every gateway', async () => {
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  await fixture.runPod(space.namespace, credential)
  const opened: ChildProcess[] = []
  for (const webSocket of ['true', 'false']) {
    const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSocket, KUBECTL_PORT_FORWARD_WEBSOCKETS: webSocket }
    opened.push(credential.open(['exec', 'one', '--', 'sh', '-c', 'echo started; sleep 60'], env))
    opened.push(credential.open(['port-forward', 'pod/one', ':80'], env))
  }
  opened.push(credential.open(['logs', '-f', 'one']))
  const exits = opened.map((child) => once(child, 'exit'))
  await Promise.all(opened.map((child) => child.stdout && once(child.stdout, 'data')))
  const at = performance.now()
  await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id])
  await Promise.all(exits)
  // Long before they would end on their own; kubectl is slow to give up.
  expect(performance.now() - at).toBeLessThan(10_000)
  const cut = () =>
    fixture.sql(`SELECT action FROM audit_event WHERE detail ->> 'credential' = $1 AND detail ->> 'cut' = 'true'`, [
      credential.id,
    ])
  await expect.poll(cut).toHaveLength(5)
})

test('a new grant can be used at once', async () => {
  const late = await fixture.person('late')
  const credential = await fixture.credential(late, { namespace: space.namespace })
  expect((await credential.run(['get', 'pods'])).all).toContain('you have no role in this namespace')
  await fixture.asAdmin([
    '-n',
    space.namespace,
    'create',
    'rolebinding',
    'late',
    '--clusterrole=spaceport:viewer',
    `--serviceaccount=spaceport-users:${late.handle}`,
  ])
  await fixture.untilBound(space.namespace, late)
  await fixture.grant(space.id, late, 'viewer')
  expect((await credential.run(['get', 'pods'])).code).toBe(0)
  expect((await credential.run(['get', 'namespaces', '-o', 'name'])).out).toContain(space.namespace)
})
