import { Writable } from 'node:stream'
import { CoreV1Api, Exec, KubeConfig, VersionApi, Watch } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

/* Uses the Kubernetes project's own JavaScript client. */
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let config: KubeConfig
let own: string
let others: string
let revoke: () => Promise<unknown>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  const [owner, stranger] = await Promise.all([fixture.person('owner'), fixture.person('stranger')])
  own = (await fixture.space(owner)).namespace
  others = (await fixture.space(stranger)).namespace
  const credential = await fixture.credential(owner, { namespace: own })
  await fixture.runPod(own, credential)
  config = new KubeConfig()
  config.loadFromFile(credential.kubeconfig)
  revoke = () => fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id])
})
afterAll(() => fixture?.close())

const core = () => config.makeApiClient(CoreV1Api)

test('it reads the version, lists its own namespaces, and creates, reads and deletes objects', async () => {
  expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toMatch(/^v1\./)
  const { items } = await core().listNamespace()
  expect(items.map(({ metadata }) => metadata?.name)).toEqual([own])
  const body = { metadata: { name: 'made' }, data: { by: 'a program' } }
  await core().createNamespacedConfigMap({ namespace: own, body })
  expect((await core().readNamespacedConfigMap({ namespace: own, name: 'made' })).data).toEqual(body.data)
  await core().deleteNamespacedConfigMap({ namespace: own, name: 'made' })
})

test('a refusal is an error with a Status, as from an API server', async () => {
  await expect(core().listNamespacedPod({ namespace: others })).rejects.toMatchObject({
    code: 403,
    body: expect.stringContaining('"kind":"Status"'),
  })
})

test('it runs a command in a pod, and its watch is cut once the credential is revoked', async () => {
  let said = ''
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString()
      done()
    },
  })
  const status = await new Promise<unknown>((resolve, reject) => {
    new Exec(config).exec(own, 'one', 'main', ['echo', 'hello'], output, null, null, false, resolve).catch(reject)
  })
  expect(status).toMatchObject({ status: 'Success' })
  expect(said).toContain('hello')

  const seen: string[] = []
  const ended = Promise.withResolvers<void>()
  const path = `/api/v1/namespaces/${own}/configmaps`
  await new Watch(config).watch(
    path,
    {},
    (_type, { metadata }) => seen.push(metadata.name),
    () => ended.resolve(),
  )
  await core().createNamespacedConfigMap({ namespace: own, body: { metadata: { name: 'watched' } } })
  await expect.poll(() => seen).toContain('watched')
  await revoke()
  await ended.promise
  await expect(core().listNamespacedPod({ namespace: own })).rejects.toMatchObject({ code: 401 })
})
