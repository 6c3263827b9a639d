import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openAuditFixture } from '#dev/testing/fixtures/audit-fixture.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { brokerUserName, gatewayUserName, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { addCounted } from './add-counted.ts'
import { makeClusterToken, voidClusterTokens } from './audit-tokens.ts'
import { eventOf } from './event-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openAuditFixture>>
let fixture: Fixture
beforeAll(async () => {
  fixture = await openAuditFixture()
})
afterAll(() => fixture?.close())

async function scene() {
  const cluster = await fixture.cluster()
  const person = await fixture.person('alice')
  const space = await fixture.space(cluster.id, person.id)
  const at = (more: Record<string, string> = {}) => ({
    resource: 'deployments',
    namespace: space.namespace,
    name: 'web',
    apiGroup: 'apps',
    ...more,
  })
  return { cluster, person, space, at }
}
type Scene = Awaited<ReturnType<typeof scene>>

/** The row that the gateway writes before it sends a change. */
async function intend({ cluster, person, space }: Scene, changed: Record<string, string> = {}): Promise<string> {
  const row = { id: randomUUID(), action: 'kubectl.delete', name: 'web', namespace: space.namespace, ...changed }
  await fixture.sql(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, target_kind, target_name, space_id, namespace,
       observer, destination, detail, request_id, cluster_audit_id)
     VALUES (gen_random_uuid(), $1, now(), 'user', $2, $3, 'deployments.apps', $4, $5, $6, 'gateway/test', $7, '{}', $8, $8)`,
    [row.action, person.id, person.handle, row.name, space.id, row.namespace, `cluster/${cluster.name}`, row.id],
  )
  return row.id
}
const throughGateway = ({ person, at }: Scene, auditID: string, changed: Record<string, unknown> = {}) =>
  eventOf({
    auditID,
    user: { username: gatewayUserName, groups: ['system:serviceaccounts'] },
    impersonatedUser: {
      username: personUserName(person.handle),
      extra: { 'spaceport.dev/email': [`${person.handle}@example.com`] },
    },
    objectRef: at(),
    ...changed,
  })

/** The row that the gateway writes before it reads a secret or a log. */
async function note({ cluster, person, space }: Scene, changed: Record<string, string | null> = {}): Promise<string> {
  const id = randomUUID()
  const own = { action: 'kubectl.get', kind: 'secrets', name: 'db', namespace: space.namespace, at: readAt }
  const row = { ...own, several: null, ...changed }
  await fixture.sql(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, target_kind, target_name, space_id, namespace,
       observer, destination, detail, request_id, cluster_audit_id)
     VALUES (gen_random_uuid(), $1, $2, 'user', $3, $4, $5, $6, $7, $8, 'gateway/test', $9, $10, $11, $11)`,
    [
      ...[row.action, row.at, person.id, person.handle, row.kind, row.name, space.id, row.namespace],
      ...[`cluster/${cluster.name}`, row.several ? '{"several": true}' : '{}', id],
    ],
  )
  return id
}
const readAt = '2026-11-26T10:00:00.000Z'
const secret = (one: Scene, more: Record<string, string> = {}) => ({
  verb: 'get',
  objectRef: one.at({ resource: 'secrets', name: 'db', apiGroup: '', ...more }),
})

const batchesOf = async (result: string): Promise<number> => {
  const { values } = await metrics().clusterAuditBatches.get()
  return values.find(({ labels }) => labels.result === result)?.value ?? 0
}

const eventsOf = async (cluster: string, result: string): Promise<number> => {
  const { values } = await metrics().clusterAuditEvents.get()
  return values.find(({ labels }) => labels.cluster === cluster && labels.result === result)?.value ?? 0
}

test('a deletion of a deployment around the gateway is in the trail, with everything that identifies the user', async () => {
  const { cluster, space, at } = await scene()
  const event = eventOf({ objectRef: at(), sourceIPs: ['203.0.113.9', '192.0.2.7'] })
  expect(await fixture.post(cluster, [event])).toMatchObject({ status: 200 })
  expect(await fixture.rowsOf(cluster.name)).toEqual([
    {
      action: 'cluster.delete',
      route: 'around',
      actor_kind: 'cluster',
      actor_id: null,
      actor_handle: null,
      actor_name: 'root@example.com',
      target_kind: 'deployments.apps',
      target_name: 'web',
      space_id: space.id,
      namespace: space.namespace,
      observer: `cluster/${cluster.name}`,
      destination: `cluster/${cluster.name}`,
      outcome: 'ok',
      reason: null,
      source_address: '192.0.2.7',
      user_agent: 'kubectl/v1.36.3',
      detail: {
        verb: 'delete',
        code: 200,
        user: 'root@example.com',
        credential: 'X509SHA256=0123',
        forwardedFor: ['203.0.113.9'],
      },
      cluster_audit_id: event.auditID,
      at: new Date('2026-11-26T10:00:00.123Z'),
    },
  ])
})

test('a repeated batch adds nothing, simultaneous or later; the start and end of a stream are one row', async () => {
  const { cluster, at } = await scene()
  const exec = { verb: 'create', objectRef: at({ resource: 'pods', subresource: 'exec', apiGroup: '' }) }
  const began = eventOf({ ...exec, stage: 'ResponseStarted', responseStatus: { code: 101 } })
  const batch = [eventOf({ objectRef: at() }), began, began]
  await Promise.all([fixture.post(cluster, batch), fixture.post(cluster, batch)])
  await fixture.post(cluster, [...batch, { ...began, stage: 'ResponseComplete' }])
  expect((await fixture.rowsOf(cluster.name)).map(({ action }) => action).sort()).toEqual([
    'cluster.delete',
    'cluster.exec',
  ])
})

test('a reused Audit-ID hides nothing, since clients can choose it', async () => {
  const { cluster, at } = await scene()
  const harmless = eventOf({ verb: 'patch', objectRef: at() })
  const evil = eventOf({ auditID: harmless.auditID, objectRef: at() })
  const later = eventOf({
    auditID: evil.auditID,
    objectRef: at(),
    requestReceivedTimestamp: '2026-11-26T10:00:01.000000Z',
  })
  for (const event of [harmless, evil, later]) await fixture.post(cluster, [event])
  expect((await fixture.rowsOf(cluster.name)).map(({ action }) => action)).toEqual([
    'cluster.patch',
    'cluster.delete',
    'cluster.delete',
  ])
})

test('an event of a request through the gateway has its Audit-ID and person, and is no separate entry', async () => {
  const one = await scene()
  const id = await intend(one)
  await fixture.post(one.cluster, [throughGateway(one, id)])
  expect(await fixture.rowsOf(one.cluster.name)).toMatchObject([
    {
      ...{ action: 'cluster.delete', route: 'gateway', cluster_audit_id: id, actor_kind: 'user' },
      ...{ actor_id: one.person.id, actor_handle: one.person.handle },
      detail: { user: gatewayUserName, email: `${one.person.handle}@example.com` },
    },
  ])
})

test('a stolen gateway token used outside the gateway is detected, and the person isn’t blamed', async () => {
  const one = await scene()
  const id = await intend(one)
  const events = {
    'without an intent': throughGateway(one, randomUUID()),
    'with an intent of another person': throughGateway({ ...one, person: await fixture.person('mallory') }, id),
    'with an intent for another action': throughGateway(one, id, { verb: 'patch' }),
    'with an intent for another object': throughGateway(one, id, { objectRef: one.at({ name: 'db' }) }),
    'with an intent for another kind': throughGateway(one, id, { objectRef: one.at({ resource: 'statefulsets' }) }),
    'with an intent for another space': throughGateway(one, id, {
      objectRef: one.at({ namespace: (await fixture.space(one.cluster.id, one.person.id)).namespace }),
    }),
    'outside of any space': throughGateway(one, randomUUID(), { objectRef: one.at({ namespace: 'default' }) }),
  }
  for (const event of Object.values(events)) await fixture.post(one.cluster, [event])
  const rows = await fixture.rowsOf(one.cluster.name)
  expect(rows).toHaveLength(Object.keys(events).length)
  for (const row of rows)
    expect(row).toMatchObject({
      ...{ action: 'cluster.unmatched', route: 'around', actor_kind: 'cluster', actor_name: gatewayUserName },
      ...{ actor_id: null, actor_handle: null, detail: { impersonated: expect.stringContaining('spaceport-users') } },
    })
})

test('a read of secrets or logs with the gateway’s identity but without its row is detected, and the person isn’t blamed', async () => {
  const one = await scene()
  const id = await note(one)
  const log = secret(one, { resource: 'pods', subresource: 'log', name: 'web-1' })
  const elsewhere = { namespace: (await fixture.space(one.cluster.id, one.person.id)).namespace }
  const late = { requestReceivedTimestamp: '2026-11-26T10:10:01.000000Z' }
  const mallory = { ...one, person: await fixture.person('mallory') }
  const events = {
    'without a row': throughGateway(one, randomUUID(), secret(one)),
    'with a row of another person': throughGateway(mallory, id, secret(one)),
    'with a row of another verb': throughGateway(one, id, { ...secret(one), verb: 'list' }),
    'with a row of another secret': throughGateway(one, id, secret(one, { name: 'other' })),
    'with a row of another space': throughGateway(one, id, secret(one, elsewhere)),
    'with a row from long before': throughGateway(one, id, { ...secret(one), ...late }),
    'that claims to repeat another': throughGateway(one, `${randomUUID()}.${randomUUID()}`, secret(one)),
    'of all secrets': throughGateway(one, id, secret(one, { namespace: '', name: '' })),
    'of a log': throughGateway(one, randomUUID(), log),
    'of a log, with the row of a secret': throughGateway(one, id, log),
    'that is refused': throughGateway(one, randomUUID(), { ...secret(one), responseStatus: { code: 403 } }),
  }
  for (const [what, event] of Object.entries(events)) {
    const before = (await fixture.rowsOf(one.cluster.name)).length
    await fixture.post(one.cluster, [event])
    const [row, ...more] = (await fixture.rowsOf(one.cluster.name)).slice(before)
    expect(more, what).toEqual([])
    expect(row, what).toMatchObject({
      ...{ action: 'cluster.unmatched', route: 'around', actor_kind: 'cluster', actor_name: gatewayUserName },
      ...{ actor_id: null, actor_handle: null, detail: { impersonated: expect.stringContaining('spaceport-users') } },
    })
  }
})

test('a read that the gateway recorded raises no alarm: repeats, lists, watches, and reads that share a row', async () => {
  const one = await scene()
  const id = await note(one)
  const list = await note(one, { action: 'kubectl.list', name: null })
  const watch = await note(one, { action: 'kubectl.watch', name: null })
  const log = await note(one, { kind: 'pods/log', name: 'web-1' })
  const several = await note(one, { name: null, several: 'yes' })
  const all = await note(one, { name: null, namespace: null, several: 'yes' })
  const logOf = secret(one, { resource: 'pods', subresource: 'log', name: 'web-1' })
  const began = { stage: 'ResponseStarted' }
  await fixture.post(one.cluster, [
    throughGateway(one, id, secret(one)),
    throughGateway(one, `${randomUUID()}.${id}`, secret(one)),
    throughGateway(one, list, { ...secret(one, { name: '' }), verb: 'list' }),
    throughGateway(one, `${randomUUID()}.${list}`, { ...secret(one), verb: 'list' }),
    throughGateway(one, watch, { ...secret(one, { name: '' }), verb: 'watch', ...began }),
    throughGateway(one, watch, { ...secret(one, { name: '' }), verb: 'watch' }),
    throughGateway(one, `${randomUUID()}.${several}`, secret(one, { name: 'another' })),
    throughGateway(one, `${randomUUID()}.${all}`, secret(one, { namespace: 'elsewhere' })),
    throughGateway(one, log, { ...logOf, ...began }),
    throughGateway(one, log, logOf),
    throughGateway(one, `${randomUUID()}.${log}`, logOf),
  ])
  const rows = await fixture.rowsOf(one.cluster.name)
  expect(rows.map(({ action, route, actor_handle: handle }) => [action, route, handle]).sort()).toEqual(
    ['get', 'get', 'get', 'get', 'list', 'list', 'watch'].map((verb) => [
      ...[`cluster.${verb}`, 'gateway', one.person.handle],
    ]),
  )
  expect(await eventsOf(one.cluster.name, 'noted')).toBe(3)
})

test('any read of a secret or log with the broker’s identity is detected, with or without impersonation', async () => {
  const one = await scene()
  const user = { username: brokerUserName }
  const log = secret(one, { resource: 'pods', subresource: 'log', name: 'web-1' })
  await fixture.post(one.cluster, [
    throughGateway(one, await note(one), { ...secret(one), user }),
    throughGateway(one, await note(one, { kind: 'pods/log', name: 'web-1' }), { ...log, user }),
    eventOf({ ...secret(one, { namespace: '', name: '' }), verb: 'list', user }),
  ])
  expect(await fixture.rowsOf(one.cluster.name)).toMatchObject(
    Array.from({ length: 3 }, () => ({ action: 'cluster.unmatched', route: 'around', actor_name: brokerUserName })),
  )
})

test('a new ServiceAccount in kube-system is no controller, and a controller’s token belongs to the person it was issued to', async () => {
  const { cluster, at } = await scene()
  const of = (name: string, credential?: string) => ({
    username: `system:serviceaccount:kube-system:${name}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    ...(credential && { extra: { 'authentication.kubernetes.io/credential-id': [credential] } }),
  })
  const [own, mine, together] = [1, 2, 3].map(() => `JTI=${randomUUID()}`) as [string, string, string]
  const issue = (credential: string, username: string) =>
    eventOf({
      ...{ verb: 'create', user: { username } },
      objectRef: at({
        ...{ resource: 'serviceaccounts', subresource: 'token', namespace: 'kube-system', apiGroup: '' },
        name: 'deployment-controller',
      }),
      annotations: { 'authentication.kubernetes.io/issued-credential-id': credential },
    })
  const does = (name: string, user: object) => eventOf({ user, objectRef: at({ name }) })
  await fixture.post(cluster, [issue(own, 'system:kube-controller-manager'), issue(mine, 'mallory')])
  await fixture.post(cluster, [
    issue(together, 'mallory'),
    does('own', of('deployment-controller', own)),
    does('mine', of('deployment-controller', mine)),
    does('together', of('deployment-controller', together)),
    does('from a Secret', of('deployment-controller')),
    does('handmade', of('handmade', `JTI=${randomUUID()}`)),
  ])
  const rows = await fixture.rowsOf(cluster.name)
  expect(rows.map(({ actor_name: who, target_name: what }) => `${who} ${what}`).sort()).toEqual([
    'mallory deployment-controller',
    'mallory deployment-controller',
    'system:serviceaccount:kube-system:deployment-controller from a Secret',
    'system:serviceaccount:kube-system:deployment-controller mine',
    'system:serviceaccount:kube-system:deployment-controller together',
    'system:serviceaccount:kube-system:handmade handmade',
  ])
  expect(await eventsOf(cluster.name, 'controller')).toBe(2)
})

test('one intent proves one request, even if two arrive in one batch or simultaneously', async () => {
  const [later, together, atOnce] = [await scene(), await scene(), await scene()]
  const twice = async (one: Scene, how: (events: unknown[]) => Promise<unknown>) => {
    const id = await intend(one)
    await how([
      throughGateway(one, id),
      throughGateway(one, id, { requestReceivedTimestamp: '2026-11-26T10:00:05.000000Z' }),
    ])
    expect((await fixture.rowsOf(one.cluster.name)).map(({ action }) => action).sort()).toEqual([
      'cluster.delete',
      'cluster.unmatched',
    ])
  }
  await twice(later, async ([first, second]) => {
    await fixture.post(later.cluster, [first])
    await fixture.post(later.cluster, [second])
  })
  await twice(together, (events) => fixture.post(together.cluster, events))
  await twice(atOnce, (events) => Promise.all(events.map((event) => fixture.post(atOnce.cluster, [event]))))
})

test.each(['web', 'worker', 'gateway'] as const)(
  'no lock of %s’s login blocks the intake of a cluster’s audit',
  async (login) => {
    const { cluster, at } = await scene()
    const { databaseUrls } = await ownDatabase()
    const client = new pg.Client({ connectionString: databaseUrls[login] })
    await client.connect()
    await client.query(`SELECT pg_advisory_lock(hashtextextended('cluster-audit/' || $1::text, 0))`, [cluster.id])
    await expect(client.query('SELECT FROM audit_turn FOR UPDATE')).rejects.toThrow(/permission denied/)
    const taken = fixture.post(cluster, [eventOf({ objectRef: at() })])
    expect(await Promise.race([taken, delay(60_000, 'it waits', { ref: false })])).toMatchObject({ status: 200 })
    await client.end()
    await taken
  },
)

test('a worker that hangs after it took a batch, before it commits, gives way', async () => {
  const cluster = await fixture.cluster()
  const client = new pg.Client({ connectionString: (await ownDatabase()).databaseUrls.worker })
  client.on('error', () => {})
  await client.connect()
  await client.query('BEGIN')
  await client.query(`SELECT take_cluster_audit($1, '[]')`, [cluster.id])
  const { rows } = await client.query('SHOW idle_in_transaction_session_timeout')
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }])
  await client.end()
})

test('a late event belongs to the space that had the namespace at that time', async () => {
  const { cluster, person, space, at } = await scene()
  const living = randomUUID()
  await fixture.sql(
    `UPDATE space SET status = 'deleted', created_at = '2026-11-26T09:00:00Z', deleted_at = '2026-11-26T10:30:00Z' WHERE id = $1`,
    [space.id],
  )
  await fixture.sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at, created_at)
     VALUES ($1, $2, $3, $3, 'x', 'M', $4, 'ready', gen_random_uuid(), now(), '2026-11-26T11:00:00Z')`,
    [living, cluster.id, space.namespace, person.id],
  )
  const port = await fixture.start(undefined, () => new Date('2026-11-26T11:45:00Z'))
  const when = (time: string) => eventOf({ objectRef: at(), requestReceivedTimestamp: `2026-11-26T${time}:00.000000Z` })
  await fixture.post(cluster, ['10:00', '10:31', '11:01', '11:44'].map(when), port)
  expect((await fixture.rowsOf(cluster.name)).map(({ space_id: id }) => id)).toEqual([
    space.id,
    space.id,
    living,
    living,
  ])
  const seen = await fixture.sql('SELECT space_id FROM direct_access WHERE user_name = $1 AND space_id = ANY($2)', [
    'root@example.com',
    [space.id, living],
  ])
  expect(seen).toHaveLength(2)
})

test('a token issued in a controller’s or a pod’s name counts as direct access, even if it only reads', async () => {
  const { cluster, space, at } = await scene()
  const controller = 'system:serviceaccount:kube-system:generic-garbage-collector'
  const workload = `system:serviceaccount:${space.namespace}:default`
  const [asked, own, askedForPod] = [1, 2, 3].map(() => `JTI=${randomUUID()}`) as [string, string, string]
  const user = (username: string, credential: string, more: Record<string, string[]> = {}) => ({
    user: { username, extra: { 'authentication.kubernetes.io/credential-id': [credential], ...more } },
  })
  const issued = (credential: string) =>
    eventOf({
      ...{ verb: 'create', ...user('mallory', 'X509SHA256=01') },
      objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'kube-system', name: 'x' },
      annotations: { 'authentication.kubernetes.io/issued-credential-id': credential },
    })
  const read = { verb: 'get', objectRef: at({ resource: 'configmaps', apiGroup: '' }) }
  const ofPod = { 'authentication.kubernetes.io/pod-name': ['one'] }
  const before = await eventsOf(cluster.name, 'controller')
  await fixture.post(cluster, [
    ...[issued(asked), issued(askedForPod)],
    eventOf({ ...read, ...user(controller, asked) }),
    eventOf({ ...read, ...user(controller, own) }),
    eventOf({ ...read, ...user(workload, askedForPod, ofPod) }),
  ])
  const seen = await fixture.sql(
    'SELECT user_name, credential, credential_id FROM direct_access WHERE space_id = $1 ORDER BY user_name',
    [space.id],
  )
  expect(seen).toEqual([
    { user_name: controller, credential: 'token', credential_id: asked },
    { user_name: workload, credential: 'token', credential_id: askedForPod },
  ])
  expect((await eventsOf(cluster.name, 'controller')) - before).toBe(2)
})

test('a token belongs to the person who requested it, even if bound to a pod; one that a node requested is the pod’s', async () => {
  const { cluster, space, at } = await scene()
  const account = `system:serviceaccount:${space.namespace}:default`
  const byPod = (credential: string, name: string) =>
    eventOf({
      user: {
        username: account,
        extra: {
          'authentication.kubernetes.io/credential-id': [credential],
          'authentication.kubernetes.io/pod-name': ['one'],
        },
      },
      objectRef: at({ name }),
    })
  const issue = (credential: string, user: Record<string, unknown>) =>
    eventOf({
      ...{ verb: 'create', user },
      objectRef: at({ resource: 'serviceaccounts', subresource: 'token', name: 'default', apiGroup: '' }),
      annotations: { 'authentication.kubernetes.io/issued-credential-id': credential },
    })
  const [mine, together, ofNode] = [1, 2, 3].map(() => `JTI=${randomUUID()}`) as [string, string, string]
  await fixture.post(cluster, [
    issue(mine, { username: 'mallory' }),
    issue(ofNode, { username: 'system:node:n1', groups: ['system:nodes'] }),
  ])
  await fixture.post(cluster, [
    issue(together, { username: 'mallory' }),
    ...[byPod(mine, 'mine'), byPod(together, 'together'), byPod(ofNode, 'of-node')],
  ])
  const rows = await fixture.rowsOf(cluster.name)
  const byAccount = rows.filter(({ actor_name: name }) => name === account)
  expect(Object.fromEntries(byAccount.map((row) => [row.target_name, row]))).toMatchObject({
    mine: { action: 'cluster.delete', route: 'around', detail: { credential: mine } },
    together: { action: 'cluster.delete', route: 'around', detail: { credential: together } },
  })
  expect(byAccount).toHaveLength(2)
  expect(rows.filter(({ actor_name: name }) => name === 'mallory')).toMatchObject([
    { target_kind: 'serviceaccounts/token', detail: { issued: mine } },
    { target_kind: 'serviceaccounts/token', detail: { issued: together } },
  ])
  const seen = await fixture.sql('SELECT credential FROM direct_access WHERE space_id = $1 AND user_name = $2', [
    space.id,
    account,
  ])
  expect(seen.map(({ credential }) => credential).sort()).toEqual(['pod', 'token', 'token'])
  // Another cluster’s report of a token doesn't count here.
  const other = await fixture.cluster()
  const twin = randomUUID()
  await fixture.sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at)
     SELECT $1, $2, name, namespace, creation, size, owner_id, status, namespace_uid, now() FROM space WHERE id = $3`,
    [twin, other.id, space.id],
  )
  await fixture.post(other, [byPod(mine, 'elsewhere')])
  expect(await fixture.rowsOf(other.name)).toEqual([])
})

test('the broker’s identity, impersonating a person, can change nothing unnoticed', async () => {
  const one = await scene()
  const user = { username: brokerUserName }
  await fixture.post(one.cluster, [
    throughGateway(one, await intend(one), { user }),
    eventOf({ user, objectRef: one.at(), requestReceivedTimestamp: '2026-11-26T10:00:05.000000Z' }),
  ])
  expect(await fixture.rowsOf(one.cluster.name)).toMatchObject([
    { action: 'cluster.unmatched', route: 'around', actor_kind: 'cluster', actor_name: brokerUserName },
    { action: 'cluster.delete', route: 'spaceport', actor_kind: 'cluster', actor_name: brokerUserName },
  ])
})

test('events of controllers, reads and events elsewhere are not kept; secrets and control characters never are', async () => {
  const { cluster, at } = await scene()
  const user = (username: string, ...groups: string[]) => ({ username, groups })
  await fixture.post(cluster, [
    eventOf({ objectRef: at({ namespace: 'elsewhere' }) }),
    eventOf({ objectRef: at(), verb: 'get' }),
    eventOf({ objectRef: at(), user: user('system:serviceaccount:argocd:app', 'system:serviceaccounts:argocd') }),
    eventOf({
      objectRef: at(),
      user: {
        ...user('system:serviceaccount:kube-system:job-controller', 'system:serviceaccounts:kube-system'),
        extra: { 'authentication.kubernetes.io/credential-id': ['JTI=1'] },
      },
    }),
    eventOf({
      objectRef: at({ name: 'we\u0000b\u202e' }),
      user: user('\u0007root Bearer abcdefghijklmnop'),
      userAgent: `${fixture.port} spa_0123456789abcdefghij ${'x'.repeat(100_000)}`,
      requestObject: { data: { password: 'hunter2' } },
    }),
  ])
  const rows = await fixture.rowsOf(cluster.name)
  expect(rows).toMatchObject([{ target_name: 'we�b�', actor_name: '�root [removed]' }])
  expect(String(rows[0]?.user_agent).length).toBeLessThanOrEqual(1_000)
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|spa_0123456789/)
})

test('a user with any number of refused requests can neither fill the trail nor displace others’ rows', async () => {
  const { cluster, at } = await scene()
  const refused = (username: string, i: number) =>
    eventOf({ user: { username }, objectRef: at({ name: `n-${i}` }), responseStatus: { code: 403 } })
  const batch = [
    ...Array.from({ length: 200 }, (_, i) => refused('pod', i)),
    refused('other', 0),
    eventOf({ objectRef: at() }),
  ]
  for (let again = 0; again < 2; again++) await fixture.post(cluster, batch)
  const names = (await fixture.rowsOf(cluster.name)).map(({ actor_name: name }) => name)
  expect(names.filter((name) => name === 'pod')).toHaveLength(10)
  expect(names).toContain('other')
  expect(names).toContain('root@example.com')
})

test('excess changes of a user are counted by the minute, and hide neither others’ events nor grants of rights', async () => {
  const { cluster, space, at } = await scene()
  const now = new Date('2026-11-27T12:00:10Z')
  const port = await fixture.start(undefined, () => now)
  const flood = Array.from({ length: 1_237 }, (_, i) =>
    eventOf({ verb: 'patch', user: { username: 'ci' }, objectRef: at({ name: `web-${i}` }) }),
  )
  const binding = { resource: 'rolebindings', apiGroup: 'rbac.authorization.k8s.io', name: 'own' }
  const grave = eventOf({ verb: 'create', user: { username: 'ci' }, objectRef: at(binding) })
  const other = eventOf({ objectRef: at() })
  const before = await eventsOf(cluster.name, 'counted')
  for (const batch of [flood.slice(0, 700), [...flood.slice(700), grave, other]])
    expect(await fixture.post(cluster, batch, port)).toMatchObject({ status: 200 })
  expect((await eventsOf(cluster.name, 'counted')) - before).toBe(237)
  const kept = await fixture.rowsOf(cluster.name)
  expect(kept).toHaveLength(1_002)
  expect(kept.map(({ target_name: name }) => name)).toEqual(expect.arrayContaining(['own', 'web']))
  // The worker that counted is gone. Another one adds the row, once, after the minute.
  const { worker } = (await ownDatabase()).databaseUrls
  const pool = createPool(worker, { process: 'worker', max: 2, applicationName: 'test' })
  const log = createLogger('worker', 'fatal')
  const later = (seconds: number) => ({ pool, log, clock: () => new Date(now.getTime() + seconds * 1_000) })
  await addCounted(later(60))
  expect(await fixture.rowsOf(cluster.name)).toHaveLength(1_002)
  await Promise.all([addCounted(later(180)), addCounted(later(180))])
  await addCounted(later(200))
  await pool.end()
  expect((await fixture.rowsOf(cluster.name)).slice(1_002)).toMatchObject([
    {
      ...{ action: 'cluster.patch', route: 'around', actor_kind: 'cluster', actor_name: 'ci', target_name: null },
      ...{ target_kind: 'deployments.apps', space_id: space.id, namespace: space.namespace, outcome: 'ok' },
      detail: { verb: 'patch', user: 'ci', repeated: 237 },
    },
  ])
})

test('a flood of events from any number of users is counted in a bounded number of rows, without losing any', async () => {
  const { cluster, at } = await scene()
  const now = new Date('2026-11-27T12:00:10Z')
  const port = await fixture.start(undefined, () => now)
  for (let batch = 0; batch < 3; batch++) {
    const users = Array.from({ length: 4_000 }, (_, i) =>
      eventOf({ user: { username: `user-${batch}-${i}` }, objectRef: at() }),
    )
    expect(await fixture.post(cluster, users, port)).toMatchObject({ status: 200 })
  }
  const counted = await fixture.sql(
    `SELECT count::integer, "row" ->> 'actor_name' AS who FROM cluster_audit_counted WHERE cluster_id = $1 ORDER BY count DESC`,
    [cluster.id],
  )
  expect(counted).toHaveLength(101)
  expect(counted[0]).toEqual({ count: 1_900, who: 'several users' })
  expect(await fixture.rowsOf(cluster.name)).toHaveLength(10_000)
  await fixture.sql('DELETE FROM cluster_audit_counted WHERE cluster_id = $1', [cluster.id])
})

test.each<[string, (one: { name: string; token: string }) => Parameters<Fixture['send']>, number, string]>([
  ['no token', (to) => [to, '{}', { headers: { authorization: '' } }], 401, 'bad_token'],
  ['a token of another kind', (to) => [{ ...to, token: `spt_${'a'.repeat(43)}` }, '{}'], 401, 'bad_token'],
  ['an unknown token', (to) => [{ ...to, token: `spa_${'a'.repeat(43)}` }, '{}'], 401, 'bad_token'],
  ['another path', (to) => [to, '{}', { path: `/clusters/${to.name}/audits` }], 404, 'unknown_path'],
  ['a path that climbs', (to) => [to, '{}', { path: `/clusters/../clusters/${to.name}/audit` }], 404, 'unknown_path'],
  ['another method', (to) => [to, '', { method: 'PUT' }], 405, 'bad_method'],
  ['another type', (to) => [to, '{}', { headers: { 'content-type': 'text/plain' } }], 415, 'bad_encoding'],
  ['a compressed body', (to) => [to, '{}', { headers: { 'content-encoding': 'gzip' } }], 415, 'bad_encoding'],
  ['no JSON', (to) => [to, 'audit'], 400, 'malformed'],
  ['no body', (to) => [to, ''], 400, 'malformed'],
  ['another kind', (to) => [to, '{"kind":"PodList","apiVersion":"v1","items":[]}'], 422, 'other_kind'],
  ['too large a body', (to) => [to, Buffer.alloc(13 * 1024 * 1024, 32)], 413, 'too_large'],
  [
    'a body without a length that goes on',
    (to) => [to, Buffer.alloc(13 * 1024 * 1024, 32), { headers: { 'transfer-encoding': 'chunked' } }],
    413,
    'too_large',
  ],
])('%s is rejected, and counted', async (_what, asked, status, reason) => {
  const before = await batchesOf(reason)
  expect(await fixture.send(...asked(await fixture.cluster()))).toMatchObject({ status })
  expect(await batchesOf(reason)).toBe(before + 1)
})

test('another cluster’s token is rejected, and adds nothing to either cluster', async () => {
  const [one, other] = [await scene(), await scene()]
  const event = eventOf({ objectRef: one.at() })
  expect(await fixture.post({ name: one.cluster.name, token: other.cluster.token }, [event])).toMatchObject({
    status: 403,
    body: expect.stringContaining('another cluster'),
  })
  expect([...(await fixture.rowsOf(one.cluster.name)), ...(await fixture.rowsOf(other.cluster.name))]).toEqual([])
})

test('two tokens overlap during a replacement, a third revokes the first, and a revocation takes effect within a second', async () => {
  /** @returns milliseconds until the slower of both revocations took effect */
  const replaceAndRevoke = async () => {
    const { name, token: first } = await fixture.cluster()
    const status = async (token: string) => (await fixture.post({ name, token }, [])).status
    const second = await makeClusterToken(fixture.services(), name)
    await vi.waitFor(async () => expect([await status(first), await status(second)]).toEqual([200, 200]), 20_000)
    const third = await makeClusterToken(fixture.services(), name)
    const replacedAt = performance.now()
    await vi.waitFor(
      async () => expect([await status(first), await status(second), await status(third)]).toEqual([401, 200, 200]),
      20_000,
    )
    const replacedAfter = performance.now() - replacedAt
    expect(await voidClusterTokens(fixture.services(), name, 1)).toBe(1)
    const revokedAt = performance.now()
    await vi.waitFor(async () => expect([await status(second), await status(third)]).toEqual([401, 200]), 20_000)
    const revokedAfter = performance.now() - revokedAt
    const kept = await fixture.sql('SELECT encode(token_hash, $1) AS hash FROM cluster_audit_token', ['hex'])
    for (const token of [first, second, third]) expect(JSON.stringify(kept)).not.toContain(token)
    const trail = await fixture.sql(
      `SELECT action, detail FROM audit_event WHERE target_kind = 'audit-webhook' AND target_name = $1 ORDER BY seq`,
      [name],
    )
    expect(trail.map(({ action }) => action)).toEqual([
      'audit-webhook.make',
      'audit-webhook.make',
      'audit-webhook.make',
      'audit-webhook.void',
    ])
    return Math.max(replacedAfter, revokedAfter)
  }
  expect(await fastestOfThree(5_000, replaceAndRevoke)).toBeLessThan(5_000)
})

test('slow or incomplete bodies don’t block others, and the simultaneous bodies of one cluster are limited', async () => {
  const { cluster, at } = await scene()
  const other = await scene()
  const head = (length: number) =>
    `POST /clusters/${cluster.name}/audit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${cluster.token}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
  const slow = await Promise.all(Array.from({ length: 8 }, () => fixture.connect()))
  for (const socket of slow) socket.write(`${head(1_000)}{`)
  await vi.waitFor(
    async () => expect(await fixture.post(cluster, [])).toMatchObject({ status: 429, retryAfter: '1' }),
    20_000,
  )
  expect(await fixture.post(other.cluster, [])).toMatchObject({ status: 200 })
  for (const socket of slow) socket.destroy()
  await vi.waitFor(
    async () => expect(await fixture.post(cluster, [eventOf({ objectRef: at() })])).toMatchObject({ status: 200 }),
    20_000,
  )
})

test.each([
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
  ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk without a size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}'],
  ['a header that never ends', `X: ${'a'.repeat(40_000)}`],
])('%s: the connection is closed', async (_what, rest) => {
  const cluster = await fixture.cluster()
  const socket = await fixture.connect()
  socket.on('error', () => {})
  socket.write(
    `POST /clusters/${cluster.name}/audit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${cluster.token}\r\nContent-Type: application/json\r\n${rest}`,
  )
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
})

test('the connections of one address are limited', async () => {
  const sockets = await Promise.all(Array.from({ length: 64 }, () => fixture.connect().catch(() => undefined)))
  await expect(fixture.connect()).rejects.toThrow()
  for (const socket of sockets) socket?.destroy()
  await vi.waitFor(() => fixture.connect().then((socket) => socket.destroy()), 20_000)
})

test('while Postgres is down, the answer is 503 with Retry-After, and afterwards nothing is lost or duplicated', async () => {
  const { cluster, at } = await scene()
  const { worker } = (await ownDatabase()).databaseUrls
  const database = new URL(worker)
  const network = await startBreakableProxy({ host: database.hostname, port: Number(database.port) })
  const port = await fixture.start(
    Object.assign(new URL(worker), { hostname: '127.0.0.1', port: String(network.port) }).href,
  )
  const events = Array.from({ length: 20 }, (_, i) => eventOf({ objectRef: at({ name: `web-${i}` }) }))
  expect(await fixture.post(cluster, events.slice(0, 5), port)).toMatchObject({ status: 200 })
  network.break()
  await delay(1_100)
  expect(await fixture.post(cluster, events.slice(5, 10), port)).toMatchObject({ status: 503, retryAfter: '3' })
  network.mend()
  await vi.waitFor(
    async () => expect(await fixture.post(cluster, events.slice(5, 10), port)).toMatchObject({ status: 200 }),
    20_000,
  )
  // Written, but the answer is lost, so the API server sends it again.
  network.loseAnswerTo('take_cluster_audit', { times: 1 })
  network.loseAnswerTo(events[15]?.auditID as string, { times: 1 })
  expect(await fixture.post(cluster, events.slice(10), port)).toMatchObject({ status: 503 })
  await vi.waitFor(
    async () => expect(await fixture.post(cluster, events.slice(10), port)).toMatchObject({ status: 200 }),
    20_000,
  )
  const names = (await fixture.rowsOf(cluster.name)).map(({ target_name: name }) => name)
  expect(names.sort()).toEqual(events.map((_, i) => `web-${i}`).sort())
  await network.close()
})

test('the worker’s login can’t forge a row of Spaceport’s processes through the audit intake', async () => {
  const { cluster, person, space } = await scene()
  const { worker, web, gateway } = (await ownDatabase()).databaseUrls
  const query = async (login: string, role: string, text: string, values: unknown[] = []) => {
    const client = new pg.Client({ connectionString: login, options: `-c role=${role}` })
    await client.connect()
    try {
      return (await client.query(text, values)).rows
    } finally {
      await client.end()
    }
  }
  const take = (row: Record<string, unknown>) =>
    query(worker, 'spaceport_worker', 'SELECT * FROM take_cluster_audit($1, $2::jsonb)', [
      cluster.id,
      JSON.stringify([
        {
          ...{ fingerprint: randomUUID(), route: 'around', proof: 'none', action: 'cluster.delete' },
          ...{
            at: new Date(),
            actor_kind: 'cluster',
            actor_name: 'x',
            target_kind: 'pods',
            outcome: 'ok',
            detail: '{}',
          },
          ...{ cluster_audit_id: 'x', space_id: space.id },
          ...row,
        },
      ]),
    ])
  for (const forged of [
    { action: 'grant.add' },
    { action: 'cluster.rights-changed' },
    { route: null },
    { route: 'portal' },
    { actor_kind: 'system' },
    { actor_kind: 'anonymous' },
    { outcome: null },
    { actor_kind: 'user', actor_id: person.id, actor_handle: 'somebody-else' },
  ])
    expect(await take(forged), JSON.stringify(forged)).toEqual([{ taken: 0, unmatched: 0 }])
  const chosen = { seq: 7, id: randomUUID(), observer: 'gateway/x', recorded_at: '2001-01-01', salt: randomUUID() }
  expect(await take({ ...chosen, intent_id: randomUUID(), request_id: 'x' })).toEqual([{ taken: 1, unmatched: 0 }])
  const [row] = await fixture.sql(
    `SELECT seq, id, observer, intent_id, request_id, recorded_at > now() - interval '1 minute' AS lately FROM audit_event WHERE observer = $1`,
    [`cluster/${cluster.name}`],
  )
  expect(row).toMatchObject({ observer: `cluster/${cluster.name}`, intent_id: null, request_id: null, lately: true })
  expect([row?.seq, row?.id]).not.toContain(chosen.id)
  for (const [login, role] of [
    [web, 'spaceport_web'],
    [gateway, 'spaceport_gateway'],
  ] as const)
    await expect(query(login, role, `SELECT take_cluster_audit($1, '[]')`, [cluster.id])).rejects.toThrow(/permission/)
  for (const [login, role] of [
    [web, 'spaceport_web'],
    [worker, 'spaceport_worker'],
    [gateway, 'spaceport_gateway'],
  ] as const)
    await expect(
      query(login, role, `INSERT INTO audit_event (id, route) VALUES ($1, 'around')`, [randomUUID()]),
    ).rejects.toThrow(/permission/)
})

test('direct access is recorded once a minute, for a limited number of users per space', async () => {
  const { cluster, space, at } = await scene()
  let now = new Date('2026-11-26T12:00:00Z')
  const port = await fixture.start(undefined, () => now)
  const by = (username: string, extra: Record<string, string[]>) => ({ username, extra })
  const read = (user: unknown, seconds: number) =>
    eventOf({
      ...{ user, verb: 'list', objectRef: at({ resource: 'pods', apiGroup: '' }) },
      requestReceivedTimestamp: new Date(now.getTime() + seconds * 1_000).toISOString(),
    })
  const admin = by('root', { 'authentication.kubernetes.io/credential-id': ['X509SHA256=ab'] })
  const pod = by(`system:serviceaccount:${space.namespace}:default`, {
    'authentication.kubernetes.io/credential-id': ['JTI=1'],
    'authentication.kubernetes.io/pod-name': ['one'],
  })
  const token = by(`system:serviceaccount:${space.namespace}:default`, {
    'authentication.kubernetes.io/credential-id': ['JTI=2'],
  })
  const seen = () =>
    fixture.sql(
      `SELECT user_name AS user, credential, credential_id AS id, first_seen_at AS first, last_seen_at AS last, last_address AS address, last_request AS request
       FROM direct_access WHERE space_id = $1 ORDER BY last_seen_at DESC, credential`,
      [space.id],
    )
  await fixture.post(cluster, [read(admin, 0), read(pod, 0), read(token, 0)], port)
  now = new Date(now.getTime() + 30_000)
  await fixture.post(cluster, [read(admin, 0)], port)
  const first = new Date('2026-11-26T12:00:00Z')
  expect(await seen()).toEqual([
    {
      user: 'root',
      credential: 'certificate',
      id: 'X509SHA256=ab',
      first,
      last: first,
      address: '192.0.2.7',
      request: 'list pods',
    },
    { user: pod.username, credential: 'pod', id: '', first, last: first, address: '192.0.2.7', request: 'list pods' },
    {
      user: pod.username,
      credential: 'token',
      id: 'JTI=2',
      first,
      last: first,
      address: '192.0.2.7',
      request: 'list pods',
    },
  ])
  now = new Date(now.getTime() + 31_000)
  await fixture.post(cluster, [read(admin, 0)], port)
  expect((await seen())[0]).toMatchObject({ user: 'root', first, last: now })
  for (let minute = 0; minute < 5; minute++) {
    now = new Date(now.getTime() + 60_000)
    const users = Array.from({ length: 60 }, (_, i) => by(`user-${minute}-${i}`, {}))
    await fixture.post(
      cluster,
      users.map((user, i) => read(user, i / 1_000)),
      port,
    )
  }
  const many = await seen()
  expect(many, '50 a minute, 200 in all').toHaveLength(200)
  expect(many[0]).toMatchObject({ user: 'user-4-49', credential: 'other', id: '' })
  const [intake] = await fixture.sql('SELECT received_at FROM cluster_audit_intake WHERE cluster_id = $1', [cluster.id])
  expect(intake?.received_at).toEqual(now)
})
