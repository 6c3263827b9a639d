import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type OwnCluster, openAuditedCluster } from '#dev/testing/cluster/own-cluster.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { openAuditFixture } from '#dev/testing/fixtures/audit-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { rawExec } from '#dev/testing/network/raw-exec.ts'
import { brokerUserName, gatewayUserName, personUserName, proofHandle } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import { type KubeRequest, request } from '#lib/kube/client/request.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { renderWebhookKubeconfig } from './render-webhook-kubeconfig.ts'

/** Everything, including controllers: Spaceport itself has to leave events out. */
const policy = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n  - level: Metadata\n'

type Audit = Awaited<ReturnType<typeof openAuditFixture>>
type Gateway = Awaited<ReturnType<typeof openGatewayFixture>>
let dir: string
let audit: Audit
let network: Awaited<ReturnType<typeof startBreakableProxy>>
let receiver: Awaited<ReturnType<typeof startBreakableProxy>>
let cluster: OwnCluster
let gateway: Gateway

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'spaceport-audit-'))
  audit = await openAuditFixture()
  const { worker } = (await ownDatabase()).databaseUrls
  const database = new URL(worker)
  network = await startBreakableProxy({ host: database.hostname, port: Number(database.port) })
  const through = Object.assign(new URL(worker), { hostname: '127.0.0.1', port: String(network.port) }).href
  receiver = await startBreakableProxy({ host: '127.0.0.1', port: await audit.start(through) })
  const { name, token } = await audit.cluster('default')
  const files = { policy: join(dir, 'policy.yaml'), webhook: join(dir, 'webhook.kubeconfig') }
  writeFileSync(files.policy, policy)
  const url = `https://127.0.0.1:${receiver.port}`
  writeFileSync(files.webhook, renderWebhookKubeconfig({ url, ca: audit.ca, cluster: name, token }))
  cluster = await openAuditedCluster(files)
  gateway = await openGatewayFixture(cluster)
}, 180_000)
afterAll(async () => {
  await gateway?.close()
  await cluster?.close()
  await receiver?.close()
  await audit?.close()
  await network?.close()
  rmSync(dir, { recursive: true, force: true })
}, 60_000)

const soon = { timeout: 30_000, interval: 200 }
const deployment = (name: string) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example/none' }] },
      },
    },
  })

async function scene(readable: string) {
  const person = await gateway.person(readable)
  const space = await gateway.space(person)
  const { run } = await gateway.credential(person, { spaceId: space.id, namespace: space.namespace })
  return { person, space, run }
}
const rowsIn = (spaceId: string) =>
  audit.sql(
    `SELECT action, route, actor_kind, actor_handle, actor_name, target_kind, target_name, outcome::text, detail, cluster_audit_id
     FROM audit_event WHERE space_id = $1 AND route IS NOT NULL ORDER BY seq`,
    [spaceId],
  )
const accessSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
})
function accessOf(kubeconfig: string) {
  const { clusters, users } = accessSchema.parse(parseYaml(readFileSync(kubeconfig, 'utf8')))
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster
  return { port: Number(new URL(server).port), ca: Buffer.from(ca, 'base64').toString(), token: users[0].user.token }
}
const as = (kubeconfig: string, person: Member | undefined, args: string[]) =>
  gateway.kubectl(kubeconfig, [...args, ...(person ? ['--as', personUserName(person.handle)] : [])])

test('the API server confirms kubectl’s requests through the gateway, under the intent’s Audit-ID; controllers’ events are left out', async () => {
  const { person, space, run } = await scene('carol')
  const byController = () =>
    readFileSync(cluster.auditLog, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"namespace":"${space.namespace}"`) && line.includes('deployment-controller"'))
  expect((await run(['create', '-f', '-'], deployment('web'))).code).toBe(0)
  await expect.poll(byController, { message: 'the API server reports events of controllers there' }).not.toEqual([])
  expect((await run(['delete', 'deployment', 'web'])).code).toBe(0)
  await vi.waitFor(
    async () =>
      expect((await rowsIn(space.id)).filter(({ target_name: name }) => name === 'web')).toMatchObject([
        { action: 'cluster.create', route: 'gateway', actor_handle: person.handle, detail: { code: 201 } },
        { action: 'cluster.delete', route: 'gateway', actor_handle: person.handle, detail: { code: 200 } },
      ]),
    soon,
  )
  const intents = await audit.sql(
    `SELECT i.action, c.action AS confirmed FROM audit_event i JOIN audit_event c ON c.cluster_audit_id = i.cluster_audit_id AND c.route = 'gateway'
     WHERE i.space_id = $1 AND i.intent_id IS NULL AND i.route IS NULL ORDER BY i.seq`,
    [space.id],
  )
  expect(intents).toEqual([
    { action: 'kubectl.create', confirmed: 'cluster.create' },
    { action: 'kubectl.delete', confirmed: 'cluster.delete' },
  ])
  const kept = await rowsIn(space.id)
  expect(kept.filter(({ actor_name: name }) => String(name).includes('kube-system'))).toEqual([])
  expect(kept.filter(({ action }) => action === 'cluster.unmatched')).toEqual([])
})

test('a cluster admin who deletes a deployment around the gateway is in the trail', async () => {
  const { space, run } = await scene('dave')
  await run(['create', '-f', '-'], deployment('web'))
  expect(
    (await as(cluster.adminKubeconfig, undefined, ['-n', space.namespace, 'delete', 'deployment', 'web'])).code,
  ).toBe(0)
  await vi.waitFor(
    async () =>
      expect((await rowsIn(space.id)).filter(({ action }) => action === 'cluster.delete')).toMatchObject([
        {
          ...{
            route: 'around',
            actor_kind: 'cluster',
            actor_name: 'spaceport:installer',
            target_kind: 'deployments.apps',
          },
          ...{ target_name: 'web', outcome: 'ok' },
          detail: { credential: expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/) },
        },
      ]),
    soon,
  )
  const seen = await audit.sql('SELECT user_name, credential FROM direct_access WHERE space_id = $1', [space.id])
  expect(seen).toContainEqual({ user_name: 'spaceport:installer', credential: 'certificate' })
})

test('a stolen token of the gateway or the broker that impersonates a person outside Spaceport is detected', async () => {
  const { person, space, run } = await scene('erin')
  for (const name of ['one', 'two']) await run(['create', '-f', '-'], deployment(name))
  for (const [kubeconfig, name] of [
    [cluster.gatewayKubeconfig, 'one'],
    [cluster.brokerKubeconfig, 'two'],
  ] as const)
    expect(await as(kubeconfig, person, ['-n', space.namespace, 'delete', 'deployment', name])).toMatchObject({
      code: 0,
    })
  await vi.waitFor(
    async () =>
      expect(
        (await rowsIn(space.id))
          .filter(({ action }) => action === 'cluster.unmatched')
          .map((row) => [row.actor_name, row.target_name])
          // What is sent in two parts may come in either order.
          .sort(([, one = ''], [, other = '']) => String(one).localeCompare(String(other))),
      ).toEqual([
        [gatewayUserName, 'one'],
        [brokerUserName, 'two'],
      ]),
    soon,
  )
})

test('a stolen gateway token that reads a secret or a log is detected; the gateway’s own reads aren’t', async () => {
  const { person, space, run } = await scene('ivan')
  await gateway.asAdmin(['-n', space.namespace, 'create', 'secret', 'generic', 'key', '--from-literal=a=b'])
  await gateway.runPod(space.namespace, { run })
  const read = [
    ['get', 'secret', 'key'],
    ['get', 'secret', 'key', '-o', 'name'],
    ['get', 'secrets'],
    ['get', 'secrets', '--field-selector', 'metadata.name=key'],
    ['logs', 'one'],
    ['logs', 'one', '--tail', '1'],
  ]
  for (const args of read) expect(await run(args)).toMatchObject({ code: 0 })
  // The attacker knows what the person does, and does the same.
  for (const args of [
    ['get', 'secret', 'key'],
    ['get', 'secrets'],
    ['logs', 'one'],
  ])
    expect(await as(cluster.gatewayKubeconfig, person, ['-n', space.namespace, ...args])).toMatchObject({ code: 0 })
  expect(await as(cluster.brokerKubeconfig, person, ['-n', space.namespace, 'get', 'secret', 'key'])).toMatchObject({
    code: 0,
  })
  const readings = async () =>
    (await rowsIn(space.id)).filter(({ target_kind: kind }) => ['secrets', 'pods/log'].includes(String(kind)))
  const unmatched = async () => (await readings()).filter(({ action }) => action === 'cluster.unmatched')
  await vi.waitFor(async () => {
    expect(
      (await unmatched()).map((row) => `${row.actor_name} ${row.target_kind} ${row.target_name ?? 'all'}`).sort(),
    ).toEqual([
      `${brokerUserName} secrets key`,
      `${gatewayUserName} pods/log one`,
      `${gatewayUserName} secrets all`,
      `${gatewayUserName} secrets key`,
    ])
    expect((await readings()).filter(({ action }) => action !== 'cluster.unmatched')).toHaveLength(4 + 1)
  }, soon)
  for (const row of await unmatched())
    expect(row).toMatchObject({
      ...{ route: 'around', actor_kind: 'cluster', actor_handle: null },
      detail: { impersonated: personUserName(person.handle), code: 200 },
    })
})

test('a stolen broker token can’t hide behind the fence proofs’ identity; a real proof leaves no trace', async () => {
  const { space, run } = await scene('mallory')
  await gateway.asAdmin(['-n', space.namespace, 'create', 'secret', 'generic', 'key', '--from-literal=a=b'])
  await gateway.runPod(space.namespace, { run })
  expect(await listFenceFaults(cluster.broker)).toEqual([])

  const prover = personUserName(proofHandle)
  const asProver = (args: string[], input?: string) =>
    gateway.kubectl(cluster.brokerKubeconfig, [...args, '--as', prover], input)
  const subject = { kind: 'ServiceAccount', namespace: 'spaceport-users', name: proofHandle }
  const bind: KubeRequest = {
    method: 'PATCH',
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${space.namespace}/rolebindings/spaceport:admin`,
    contentType: 'application/json-patch+json',
    body: [{ op: 'add', path: '/subjects/-', value: subject }],
  }
  await request(cluster.broker, bind, z.unknown())
  const at = `/api/v1/namespaces/${space.namespace}`
  const raw = (path: string) => asProver(['get', '--raw', `${at}/${path}`])
  await vi.waitFor(async () => expect(await raw('secrets/key?dryRun=All')).toMatchObject({ code: 0 }), soon)
  for (const path of ['secrets?dryRun=All', 'configmaps?dryRun=All', 'pods/one/log?dryRun=All'])
    expect(await raw(path)).toMatchObject({ code: 0 })
  // For the API server, these are not dry runs.
  for (const [name, query] of [
    ['one', 'fieldManager=x?dryRun=All'],
    ['two', '?dryRun=All'],
    ['three', 'dryRun=All;x'],
  ] as const) {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }
    const made = await asProver(['create', '--raw', `${at}/configmaps?${query}`, '-f', '-'], JSON.stringify(object))
    expect(made).toMatchObject({ code: 0 })
  }
  const { port, ca, token } = accessOf(cluster.brokerKubeconfig)
  const path = `${at}/pods/one/exec?command=true&stdout=1&x=?dryRun=All`
  expect(await rawExec('websocket', { port, ca, token, path, as: prover })).toContain('Success')
  // The body's options apply, not the query's.
  const options = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions' })
  const deleted = await asProver(['delete', '--raw', `${at}/configmaps/one?dryRun=All`, '-f', '-'], options)
  expect(deleted).toMatchObject({ code: 0 })
  const left = await gateway.asAdmin(['-n', space.namespace, 'get', 'configmaps', '-o', 'name'])
  expect(left.out).toMatch(/configmap\/three\nconfigmap\/two\n/)
  expect(left.out).not.toContain('configmap/one')

  const rows = () =>
    audit.sql(
      `SELECT action, route, actor_name, namespace, detail ->> 'verb' AS verb, target_kind, target_name FROM audit_event
       WHERE observer = 'cluster/default' AND detail ->> 'impersonated' = $1`,
      [prover],
    )
  const done = [
    'create configmaps one',
    'create configmaps three',
    'create configmaps two',
    'delete configmaps one',
    'exec pods/exec one',
    'get pods/log one',
    'get secrets key',
    'list configmaps all',
    'list secrets all',
  ]
  await vi.waitFor(async () => {
    const seen = (await rows()).map((row) => `${row.verb} ${row.target_kind} ${row.target_name ?? 'all'}`)
    expect([...new Set(seen)].sort()).toEqual(done)
  }, soon)
  for (const row of await rows())
    expect(row).toMatchObject({
      ...{ action: 'cluster.unmatched', route: 'around', actor_name: brokerUserName, namespace: space.namespace },
    })
  const ofProofs = await audit.sql(
    `SELECT action FROM audit_event WHERE observer = 'cluster/default' AND namespace IN ('spaceport-fence-proof', 'spaceport-users')`,
  )
  expect(ofProofs).toEqual([])
})

test('a new ServiceAccount in kube-system is reported, and so is a person who issues a controller’s token', async () => {
  const { space } = await scene('judy')
  const kubeSystem = ['-n', 'kube-system']
  const asAdmin = (args: string[]) => as(cluster.adminKubeconfig, undefined, args)
  await asAdmin([...kubeSystem, 'create', 'serviceaccount', 'handmade'])
  await asAdmin([
    ...['create', 'clusterrolebinding', 'handmade', '--clusterrole=cluster-admin'],
    '--serviceaccount=kube-system:handmade',
  ])
  await gateway.asAdmin(['-n', space.namespace, 'create', 'secret', 'generic', 'key', '--from-literal=a=b'])
  const tokenOf = async (name: string) => (await asAdmin([...kubeSystem, 'create', 'token', name])).out.trim()
  const [handmade, controller] = [await tokenOf('handmade'), await tokenOf('generic-garbage-collector')]
  const withToken = (token: string, args: string[]) =>
    gateway.kubectl(cluster.gatewayKubeconfig, ['--token', token, '-n', space.namespace, ...args])
  expect(await withToken(handmade, ['get', 'secret', 'key'])).toMatchObject({ code: 0 })
  expect(await withToken(handmade, ['create', 'configmap', 'made'])).toMatchObject({ code: 0 })
  // The controller may delete everything. The token’s id identifies it.
  await vi.waitFor(async () => {
    const issued = await audit.sql(
      `SELECT target_name FROM audit_event WHERE action = 'cluster.create' AND target_kind = 'serviceaccounts/token' AND namespace = 'kube-system'`,
    )
    expect(issued.map(({ target_name: name }) => name).sort()).toEqual(['generic-garbage-collector', 'handmade'])
  }, soon)
  expect(await withToken(controller, ['delete', 'configmap', 'made'])).toMatchObject({ code: 0 })
  await vi.waitFor(
    async () =>
      expect(
        (await rowsIn(space.id))
          .filter(({ actor_name: name }) => String(name).includes('kube-system'))
          .map(({ action, actor_name: who, target_name: what }) => [action, who, what]),
      ).toEqual([
        ['cluster.get', 'system:serviceaccount:kube-system:handmade', 'key'],
        ['cluster.create', 'system:serviceaccount:kube-system:handmade', 'made'],
        ['cluster.delete', 'system:serviceaccount:kube-system:generic-garbage-collector', 'made'],
      ]),
    soon,
  )
})

test('a token that a person issues for a pod is distinguished from the pod’s own', async () => {
  const { space, run } = await scene('hugo')
  await gateway.runPod(space.namespace, { run })
  const made = await as(cluster.adminKubeconfig, undefined, [
    ...[
      '-n',
      space.namespace,
      'create',
      'token',
      'default',
      '--bound-object-kind',
      'Pod',
      '--bound-object-name',
      'one',
    ],
  ])
  expect(made).toMatchObject({ code: 0 })
  // Used before that is known, it counts as the pod’s own.
  const known = async () => (await rowsIn(space.id)).map(({ action, target_kind: kind }) => `${action} ${kind}`)
  await vi.waitFor(async () => expect(await known()).toContainEqual(expect.stringContaining('token')), soon)
  const used = await gateway.kubectl(cluster.gatewayKubeconfig, [
    ...['--token', made.out.trim(), '-n', space.namespace, 'delete', 'configmap', 'settings'],
  ])
  expect(used.all).toContain(`"system:serviceaccount:${space.namespace}:default" cannot delete`)
  await vi.waitFor(
    async () =>
      expect((await rowsIn(space.id)).filter(({ target_name: name }) => name === 'settings')).toMatchObject([
        {
          ...{ action: 'cluster.delete', route: 'around', outcome: 'refused' },
          actor_name: `system:serviceaccount:${space.namespace}:default`,
        },
      ]),
    soon,
  )
})

test('a token issued in a dry run is real, and its row isn’t marked as a dry run; that of a change is', async () => {
  const { space } = await scene('kim')
  const raw = async (path: string, object: object) =>
    await gateway.asAdmin(
      ['create', '--raw', `/api/v1/namespaces/${space.namespace}/${path}`, '-f', '-'],
      JSON.stringify(object),
    )
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const issued = await raw('serviceaccounts/default/token?dryRun=All', request)
  const { token } = z.object({ status: z.object({ token: z.string() }) }).parse(JSON.parse(issued.out)).status
  const review = await gateway.kubectl(cluster.gatewayKubeconfig, ['--token', token, 'auth', 'whoami'])
  expect(review.all).toContain(`system:serviceaccount:${space.namespace}:default`)
  await raw('configmaps?dryRun=All', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'dry' } })
  await vi.waitFor(async () => {
    const rows = (await rowsIn(space.id)).filter(({ actor_name: name }) => name === 'spaceport:installer')
    const kept = rows.filter(({ target_name: name }) => ['default', 'dry'].includes(String(name)))
    expect(Object.fromEntries(kept.map(({ target_kind: kind, detail }) => [kind, detail]))).toEqual({
      'serviceaccounts/token': expect.not.objectContaining({ dryRun: true }),
      configmaps: expect.objectContaining({ dryRun: true }),
    })
  }, soon)
})

test('a tunnel into a pod is recorded while it is open', async () => {
  const { space, run } = await scene('frank')
  await gateway.runPod(space.namespace, { run })
  const tunnel = spawn(inject('binaries').kubectl, [
    ...['--kubeconfig', cluster.adminKubeconfig, '-n', space.namespace, 'port-forward', 'pod/one', ':80'],
  ])
  try {
    await vi.waitFor(
      async () =>
        expect((await rowsIn(space.id)).filter(({ action }) => action === 'cluster.port-forward')).toMatchObject([
          { route: 'around', actor_name: 'spaceport:installer', detail: { code: 101 } },
        ]),
      soon,
    )
    expect(tunnel.exitCode).toBe(null)
  } finally {
    tunnel.kill()
  }
})

test('while Postgres and then the worker are down, the API server buffers its events, and nothing is lost', async () => {
  const { space } = await scene('grace')
  const make = async (names: readonly string[]) => {
    const objects = names.map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: space.namespace },
    }))
    await gateway.asAdmin(['create', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n---\n'))
  }
  const names = Array.from({ length: 60 }, (_, i) => `kept-${i}`)
  await make(names.slice(0, 20))
  network.break()
  await make(names.slice(20, 40))
  await delay(8_000)
  network.mend()
  const kept = async () =>
    (await rowsIn(space.id))
      .filter(({ action, target_kind: kind }) => action === 'cluster.create' && kind === 'configmaps')
      .map(({ target_name: name }) => String(name))
      .filter((name) => name.startsWith('kept-'))
      .sort()
  await vi.waitFor(async () => expect(await kept()).toEqual(names.slice(0, 40).sort()), soon)
  receiver.break()
  await make(names.slice(40))
  await delay(3_000)
  receiver.mend()
  // The API server retries ten seconds after the first failure (--audit-webhook-initial-backoff), then after fifteen.
  await vi.waitFor(async () => expect(await kept()).toEqual([...names].sort()), { timeout: 60_000, interval: 500 })
}, 150_000)
