import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { selectAuditRows } from '#lib/features/audit/db/select-audit-rows.ts'
import { createPool } from '#lib/kernel/db/pool.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Person = Awaited<ReturnType<Fixture['person']>>
type Space = Awaited<ReturnType<Fixture['space']>>
type Credential = Awaited<ReturnType<Fixture['credential']>>

let fixture: Fixture
let ann: Person
let bob: Person
let annsSpace: Space
let bobsSpace: Space
let kubectl: Credential

beforeAll(async () => {
  fixture = await openGatewayFixture()
  ann = await fixture.person('ann')
  bob = await fixture.person('bob')
  annsSpace = await fixture.space(ann, [{ member: bob, role: 'viewer' }])
  bobsSpace = await fixture.space(bob)
  kubectl = await fixture.credential(ann, { namespace: annsSpace.namespace })
  await fixture.runPod(annsSpace.namespace, kubectl)
})
afterAll(() => fixture?.close())

const trail = (action: string, credential: Credential) =>
  fixture.sql(
    `SELECT i.target_kind, i.target_name, i.namespace, i.space_id, i.source_address, i.user_agent, i.cluster_audit_id,
            i.request_id, i.actor_handle, COALESCE(o.outcome, i.outcome)::text AS outcome, COALESCE(o.reason, i.reason) AS reason
     FROM audit_event i LEFT JOIN audit_event o ON o.intent_id = i.id
     WHERE i.intent_id IS NULL AND i.action = $1 AND i.detail ->> 'credential' = $2 ORDER BY i.seq`,
    [action, credential.id],
  )

describe('plain kubectl works in one’s own space', () => {
  test('every byte of an answer arrives, small or large', async () => {
    for (const [name, value] of [
      ['small', 'é–漢🙂'],
      ['middle', 'é–漢🙂'.repeat(700)],
      ['large', 'é–漢🙂'.repeat(40_000)],
    ] as const) {
      const metadata = { name, namespace: annsSpace.namespace }
      await fixture.asAdmin(
        ['create', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } }),
      )
      const { out } = await kubectl.run(['get', 'configmap', name, '-o', 'jsonpath={.data.value}'])
      expect(out === value, name).toBe(true)
    }
  })

  test('get, apply, patch and delete work, and the trail has each change with its outcome', async () => {
    const configMap = (value: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { value } })
    expect((await kubectl.run(['create', '-f', '-'], configMap('1'))).all).toContain('created')
    expect(
      (await kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], configMap('2'))).all,
    ).toContain('applied')
    expect((await kubectl.run(['patch', 'configmap', 'settings', '-p', '{"data":{"more":"3"}}'])).code).toBe(0)
    expect((await kubectl.run(['get', 'configmap', 'settings', '-o', 'jsonpath={.data}'])).out).toBe(
      '{"more":"3","value":"2"}',
    )
    expect((await kubectl.run(['delete', 'configmap', 'settings'])).code).toBe(0)
    expect(await trail('kubectl.create', kubectl)).toContainEqual(
      expect.objectContaining({
        target_kind: 'configmaps',
        target_name: 'settings',
        namespace: annsSpace.namespace,
        space_id: annsSpace.id,
        source_address: '127.0.0.1',
        actor_handle: ann.handle,
        outcome: 'ok',
        user_agent: expect.stringContaining('kubectl'),
        cluster_audit_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    )
    expect(await trail('kubectl.delete', kubectl)).toContainEqual(
      expect.objectContaining({ target_name: 'settings', outcome: 'ok' }),
    )
  })

  test('the trail marks only real dry runs as such', async () => {
    const pool = new Agent({ connect: { ca: fixture.ca } })
    const ask = async (method: 'POST' | 'DELETE', name: string, body: object) => {
      const answer = await pool.request({
        origin: `https://127.0.0.1:${fixture.port}`,
        path: `/clusters/default/api/v1/namespaces/${annsSpace.namespace}/configmaps${name}?dryRun=All`,
        method,
        headers: { authorization: `Bearer ${kubectl.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      await answer.body.dump()
      return answer.statusCode
    }
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'doomed' } }
    expect(await ask('POST', '', configMap)).toBe(201)
    await fixture.asAdmin(['create', '-n', annsSpace.namespace, '-f', '-'], JSON.stringify(configMap))
    // The API server reads delete options from the body, and then ignores the query.
    expect(await ask('DELETE', '/doomed', { apiVersion: 'v1', kind: 'DeleteOptions' })).toBe(200)
    await pool.close()
    expect((await kubectl.run(['get', 'configmap', 'doomed'])).all).toContain('not found')
    const rows = await fixture.sql(
      `SELECT action, detail ->> 'dryRun' AS dry FROM audit_event
       WHERE target_name = 'doomed' AND intent_id IS NULL AND detail ->> 'credential' = $1 ORDER BY seq`,
      [kubectl.id],
    )
    expect(rows).toEqual([
      { action: 'kubectl.create', dry: 'true' },
      { action: 'kubectl.delete', dry: null },
    ])
  })

  test('the trail never has a name that the object did not get', async () => {
    const bodies = [
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"real-1"},"metadata":{"generateName":"other-"}}',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other-2"},"metadata":{"name":"real-2"}}',
    ]
    for (const body of bodies)
      await kubectl.run(['create', '--raw', `/api/v1/namespaces/${annsSpace.namespace}/configmaps`, '-f', '-'], body)
    const names = (await kubectl.run(['get', 'configmaps', '-o', 'name'])).out
    expect(names).toContain('configmap/real-1')
    expect(names).toContain('configmap/real-2')
    for (const row of await trail('kubectl.create', kubectl)) expect(String(row.target_name)).not.toMatch(/^other-/)
  })

  test('the trail names a new object, however kubectl sends it', async () => {
    await kubectl.run(['create', 'configmap', 'typed', '--from-literal=a=b'])
    const generated = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'made-' } })
    const name = (await kubectl.run(['create', '-f', '-', '-o', 'jsonpath={.metadata.name}'], generated)).out
    expect(name).toMatch(/^made-\w+$/)
    const rows = await fixture.sql(
      `SELECT i.target_name AS intended, o.target_name AS made FROM audit_event i JOIN audit_event o ON o.intent_id = i.id
       WHERE i.action = 'kubectl.create' AND i.detail ->> 'credential' = $1 ORDER BY i.seq DESC LIMIT 2`,
      [kubectl.id],
    )
    expect(rows).toEqual([
      { intended: 'made-…', made: name },
      { intended: 'typed', made: 'typed' },
    ])
    const { web } = (await ownDatabase()).databaseUrls
    const pool = createPool(web, { process: 'web', max: 1, applicationName: 'test' })
    try {
      const [latest] = await selectAuditRows(pool, { action: 'kubectl.create', spaceId: annsSpace.id }, 1, {
        by: 'test',
      })
      expect(latest?.target.name).toBe(name)
    } finally {
      await pool.end()
    }
  })

  test('logs work, once and followed', async () => {
    expect((await kubectl.run(['logs', 'one', '--tail=1'])).code).toBe(0)
    const followed = kubectl.open(['logs', '-f', 'one'])
    await once(followed.stdout, 'data')
    followed.kill()
  })

  test.each(['true', 'false'])('exec, cp and port-forward work (WebSocket: %s)', async (webSocket) => {
    const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSocket, KUBECTL_PORT_FORWARD_WEBSOCKETS: webSocket }
    expect(await kubectl.run(['exec', 'one', '--', 'echo', 'from inside'], undefined, env)).toMatchObject({
      code: 0,
      out: 'from inside\n',
    })
    const from = join(fixture.dir, `from-${webSocket}`)
    const to = join(fixture.dir, `to-${webSocket}`)
    writeFileSync(from, Buffer.alloc(5_000_000, webSocket))
    expect((await kubectl.run(['cp', from, 'one:/tmp/carried'], undefined, env)).code).toBe(0)
    expect((await kubectl.run(['cp', 'one:/tmp/carried', to], undefined, env)).code).toBe(0)
    expect(readFileSync(to).equals(readFileSync(from))).toBe(true)
    const forwarding = kubectl.open(['port-forward', 'pod/one', ':80'], env)
    const [line] = await once(forwarding.stdout, 'data')
    const port = /127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]
    const answer = await fetch(`http://127.0.0.1:${port}/`).then(
      () => 'answered',
      (error: Error) => error.message,
    )
    expect(answer).toBe('answered')
    forwarding.kill()
    expect(await trail('kubectl.exec', kubectl)).toContainEqual(
      expect.objectContaining({ target_name: 'one', outcome: 'ok' }),
    )
    expect(await trail('kubectl.port-forward', kubectl)).toContainEqual(expect.objectContaining({ outcome: 'ok' }))
  })

  test('the cluster’s own audit log names the person', async () => {
    const { out } = await kubectl.run(['auth', 'whoami', '-o', 'json'])
    expect(JSON.parse(out).status.userInfo).toMatchObject({
      username: `system:serviceaccount:spaceport-users:${ann.handle}`,
      extra: { 'spaceport.dev/email': [ann.email] },
    })
  })
})

describe('namespaces', () => {
  const names = async (credential: Credential, ...args: string[]) =>
    (await credential.run(['get', 'namespaces', '-o', 'name', ...args])).out.split('\n').filter(Boolean).sort()

  test('are exactly one’s own', async () => {
    expect(await names(kubectl)).toEqual([`namespace/${annsSpace.namespace}`])
    const bobs = await fixture.credential(bob)
    expect(await names(bobs)).toEqual([annsSpace, bobsSpace].map((space) => `namespace/${space.namespace}`).sort())
    expect(await names(bobs, '-l', 'spaceport.dev/managed-by=spaceport')).toHaveLength(2)
    expect(await names(bobs, '-l', 'no=such')).toEqual([])
    expect((await bobs.run(['get', 'namespaces'])).out).toMatch(/NAME +STATUS +AGE/)
  })

  test('are empty for a person without spaces', async () => {
    expect(await names(await fixture.credential(await fixture.person('eve')))).toEqual([])
  })

  test('are only the bound space for a bound credential', async () => {
    const bound = await fixture.credential(bob, { spaceId: bobsSpace.id })
    expect(await names(bound)).toEqual([`namespace/${bobsSpace.namespace}`])
  })
})

describe('elsewhere', () => {
  test('another person’s namespace and a missing one get the same refusal', async () => {
    const refusal = async (namespace: string) =>
      (await kubectl.run(['get', 'pods', '-n', namespace])).all.replaceAll(namespace, 'N')
    const missing = await refusal('gw-missing')
    expect(missing).toContain(
      `Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:spaceport-users:${ann.handle}" cannot list resource "pods" in API group "" in the namespace "N"`,
    )
    expect(await refusal(bobsSpace.namespace)).toBe(missing)
    expect(await refusal('kube-system')).toBe(missing)
    // A refusal’s row is written once, without a retry.
    await expect
      .poll(async () => {
        await refusal(bobsSpace.namespace)
        return await trail('kubectl.list', kubectl)
      })
      .toContainEqual(
        expect.objectContaining({ namespace: bobsSpace.namespace, outcome: 'refused', reason: 'no_access' }),
      )
  })

  test('cluster-scoped requests get the API server’s answer for that person', async () => {
    for (const args of [
      ['get', 'nodes'],
      ['get', 'pods', '-A'],
      ['create', 'namespace', 'gw-other'],
      ['get', 'clusterroles'],
    ])
      expect((await kubectl.run(args)).all, args.join(' ')).toContain('at the cluster scope')
  })

  test('a viewer can read, but cannot change anything, enter pods or see secrets', async () => {
    const viewer = await fixture.credential(bob, { namespace: annsSpace.namespace })
    expect((await viewer.run(['get', 'pods'])).out).toContain('one')
    for (const args of [
      ['get', 'secrets'],
      ['delete', 'pod', 'one'],
      ['exec', 'one', '--', 'true'],
      ['port-forward', 'pod/one', ':80'],
      ['create', 'configmap', 'x'],
    ])
      expect((await viewer.run(args)).all, args.join(' ')).toContain('your role in this space is viewer')
  })

  test('a bound credential works only in its space', async () => {
    const bound = await fixture.credential(bob, { spaceId: bobsSpace.id, namespace: bobsSpace.namespace })
    expect((await bound.run(['get', 'pods'])).code).toBe(0)
    expect((await bound.run(['get', 'pods', '-n', annsSpace.namespace])).all).toContain('bound to another space')
  })

  test('a bound credential reveals nothing about the person’s rights elsewhere', async () => {
    const bound = await fixture.credential(bob, { spaceId: bobsSpace.id, namespace: bobsSpace.namespace })
    const unbound = await fixture.credential(bob)
    const mayGetPods = ['auth', 'can-i', 'get', 'pods']
    const there = ['-n', annsSpace.namespace]
    expect((await bound.run(mayGetPods)).all).toBe('yes\n')
    expect((await unbound.run([...mayGetPods, ...there])).out).toBe('yes\n')
    expect((await bound.run([...mayGetPods, ...there])).out).toBe('no - this credential is bound to another space\n')
    const rights = ['auth', 'can-i', '--list']
    expect((await bound.run(rights)).out).toContain('pods')
    expect((await unbound.run([...rights, ...there])).out).toContain('pods')
    expect((await bound.run([...rights, ...there])).out).not.toContain('pods')
  })

  test('proxies are refused, and the refusal is in the trail', async () => {
    const base = `/api/v1/namespaces/${annsSpace.namespace}`
    for (const path of [`${base}/pods/one/proxy/`, `${base}/services/s/proxy/`, '/api/v1/nodes/n/proxy/pods'])
      expect((await kubectl.run(['get', '--raw', path])).all).toContain('does not allow the API server’s proxy')
    await expect.poll(() => trail('kubectl.proxy', kubectl)).toHaveLength(3)
  })
})
