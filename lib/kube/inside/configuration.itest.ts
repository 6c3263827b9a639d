import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openClusterFixture, testMember } from '#dev/testing/fixtures/cluster-fixture.ts'
import { readTable, tableAccept, tableQuery, tableSchema } from '#lib/features/spaces/model/configuration.ts'
import { configurationPath } from '#lib/features/spaces/model/configuration-kind.ts'
import { type AsPerson, request } from '#lib/kube/client/request.ts'
import { listConfiguration } from './list-configuration.ts'
import { listUsingPods, readConfigured } from './read-configured.ts'

const fixture = openClusterFixture()
const { broker } = fixture
afterAll(() => fixture.close())

const create = (as: AsPerson, path: string, body: Record<string, unknown>) =>
  request(broker, { method: 'POST', path, body, as }, z.unknown())

async function makeScene() {
  const viewer = testMember('viewer')
  const { owner, namespace } = await fixture.makeSpace([{ member: viewer, role: 'viewer' }])
  const add = (kind: Parameters<typeof configurationPath>[1], apiVersion: string, body: Record<string, unknown>) =>
    create(owner, configurationPath(namespace, kind), { apiVersion, kind, ...body })
  await add('Service', 'v1', {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  })
  await add('Ingress', 'networking.k8s.io/v1', {
    metadata: { name: 'web' },
    spec: {
      rules: [
        {
          host: `${namespace}.example.com`,
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { name: 'http' } } } }],
          },
        },
      ],
    },
  })
  await add('ConfigMap', 'v1', {
    metadata: { name: 'settings' },
    data: { 'app.conf': 'level = debug' },
    binaryData: { logo: Buffer.from([0, 1, 2]).toString('base64') },
  })
  await add('Secret', 'v1', {
    metadata: { name: 'db', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' } },
    stringData: { password: 'hunter2' },
  })
  await add('PersistentVolumeClaim', 'v1', {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const pod = (name: string, spec: Record<string, unknown>) =>
    create(owner, `/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec,
    })
  const container = { name: 'app', image: 'example.com/app:1' }
  const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }]
  await pod('web', {
    containers: [{ ...container, env, volumeMounts: [{ name: 'conf', mountPath: '/etc/app' }] }],
    volumes: [{ name: 'conf', configMap: { name: 'settings' } }],
  })
  // Nothing provides its volume, so it gets no node and no address.
  await pod('db', {
    containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  })
  return { owner, viewer, namespace }
}

test('a space’s configuration is listed and read as the person, a viewer included, without Secrets', async () => {
  const { owner, viewer, namespace } = await makeScene()
  const lists = await listConfiguration(broker, viewer, namespace)
  const cells = (kind: keyof typeof lists, name: string) => lists[kind].rows.find((row) => row.name === name)?.cells
  expect(cells('Service', 'web')).toMatchObject({ Type: 'ClusterIP', 'Port(s)': '80/TCP', Age: expect.any(String) })
  expect(cells('Service', 'web')?.['Cluster-IP']).toMatch(/^[\d.:a-f]+$/)
  expect(cells('Ingress', 'web')).toMatchObject({ Hosts: `${namespace}.example.com` })
  expect(cells('ConfigMap', 'settings')).toMatchObject({ Data: '2' })
  expect(cells('PersistentVolumeClaim', 'data')).toMatchObject({ Status: expect.any(String) })
  expect(lists.Service.total).toBe(1)

  const read = (kind: keyof typeof lists, name: string) => readConfigured(broker, viewer, { namespace, kind, name })
  await expect
    .poll(() => read('Service', 'web'), { timeout: 30_000, interval: 250 })
    .toMatchObject({ ports: ['http 80/TCP → 8080'], endpoints: [{ pod: 'web', ready: true }] })
  expect(await read('Ingress', 'web')).toMatchObject({ rules: [{ backend: { service: 'web', text: 'web:http' } }] })
  expect(await read('ConfigMap', 'settings')).toMatchObject({
    values: [{ key: 'app.conf', text: 'level = debug' }],
    binary: [{ key: 'logo', bytes: 3 }],
  })
  expect(await read('PersistentVolumeClaim', 'data')).toMatchObject({
    requested: '1Gi',
    accessModes: ['ReadWriteOnce'],
  })
  expect(await read('ConfigMap', 'missing')).toBeNull()
  expect(await read('Service', 'a'.repeat(253))).toBeNull()

  for (const [kind, name, pod, place] of [
    ['ConfigMap', 'settings', 'web', '/etc/app'],
    ['Secret', 'db', 'web', 'environment'],
    ['PersistentVolumeClaim', 'data', 'db', '/data'],
  ] as const)
    expect(await listUsingPods(broker, owner, namespace, { kind, name })).toEqual({
      pods: [{ name: pod, places: [place] }],
      more: false,
    })
  expect(await listUsingPods(broker, owner, namespace, { kind: 'Secret', name: 'other' })).toEqual({
    pods: [],
    more: false,
  })
})

test('a table of Secrets has no values, not even in annotations, and a viewer gets none', async () => {
  const { owner, viewer, namespace } = await makeScene()
  const path = configurationPath(namespace, 'Secret')
  const asked = { method: 'GET', path, query: tableQuery, accept: tableAccept } as const
  const whole = await request(broker, { ...asked, as: owner }, z.unknown())
  expect(JSON.stringify(whole)).not.toMatch(/hunter2|aHVudGVyMg/)
  expect(readTable(tableSchema.parse(whole)).rows).toContainEqual({
    name: 'db',
    cells: { Type: 'Opaque', Data: '1', Age: expect.any(String) },
  })
  await expect(request(broker, { ...asked, as: viewer }, z.unknown())).rejects.toMatchObject({ code: 'forbidden' })
})

test('a person without a role reads nothing', async () => {
  const { namespace } = await makeScene()
  const stranger = testMember('stranger')
  const refused = { code: 'forbidden' }
  await expect(listConfiguration(broker, stranger, namespace)).rejects.toMatchObject(refused)
  await expect(
    readConfigured(broker, stranger, { namespace, kind: 'ConfigMap', name: 'settings' }),
  ).rejects.toMatchObject(refused)
  await expect(listUsingPods(broker, stranger, namespace, { kind: 'Secret', name: 'db' })).rejects.toMatchObject(
    refused,
  )
})

test('a list beyond the limit says how many there are', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  for (const name of ['a', 'b', 'c'])
    await create(owner, configurationPath(namespace, 'ConfigMap'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
    })
  const path = configurationPath(namespace, 'ConfigMap')
  const query = { ...tableQuery, limit: '2' }
  const table = await request(broker, { method: 'GET', path, query, accept: tableAccept, as: owner }, tableSchema)
  const { rows, total } = readTable(table)
  expect({ shown: rows.length, total }).toEqual({ shown: 2, total: 4 })
})
