import { expect, test } from 'vitest'
import { configurationRef, dataKey, openRef, readTable, tableSchema } from './configuration.ts'
import { configurationPath } from './configuration-kind.ts'

test.each([
  { kind: 'Pod', name: 'web' },
  { kind: 'secrets', name: 'db' },
  { kind: 'Secret' },
  { kind: 'Secret', name: '' },
  { kind: 'Secret', name: '..' },
  { kind: 'Secret', name: '../../kube-system/secrets/db' },
  { kind: 'Secret', name: 'db%2F..' },
  { kind: 'Secret', name: 'db/status' },
  { kind: 'Secret', name: 'db?watch=true' },
  { kind: 'Secret', name: 'DB' },
  { kind: 'Secret', name: 'a'.repeat(254) },
  { kind: 'Secret', name: 'db', namespace: 'kube-system' },
])('no other object, path or namespace is addressed: %j', (given) => {
  expect(configurationRef.safeParse(given).success).toBe(false)
})

test('objects are addressed by kind and name, Secrets only through the gateway', () => {
  for (const name of ['db', 'kube-root-ca.crt', 'sh.helm.release.v1.web.v1', 'a'.repeat(253)])
    expect(configurationRef.parse({ kind: 'Secret', name })).toEqual({ kind: 'Secret', name })
  expect(openRef.safeParse({ kind: 'Secret', name: 'db' }).success).toBe(false)
  expect(configurationPath('team/../x', 'Ingress')).toBe(
    '/apis/networking.k8s.io/v1/namespaces/team%2F..%2Fx/ingresses',
  )
})

test('a key of a Secret is what Kubernetes allows', () => {
  for (const key of ['password', 'tls.crt', '.dockerconfigjson', 'A_b-c.9']) expect(dataKey.parse(key)).toBe(key)
  for (const key of ['', 'a/b', "a'b", 'a b', 'a\nb', 'a'.repeat(254)])
    expect(dataKey.safeParse(key).success).toBe(false)
})

test('a table is read by its columns, without the values that Kubernetes prints for nothing', () => {
  const table = tableSchema.parse({
    metadata: { resourceVersion: '1', remainingItemCount: 12 },
    columnDefinitions: [{ name: 'Name', type: 'string' }, { name: 'External-IP' }, { name: 'Data' }, { name: 'Age' }],
    rows: [{ cells: ['web', '<none>', 0, '5m'], object: { metadata: { annotations: { secret: 'hunter2' } } } }],
  })
  expect(readTable(table)).toEqual({ rows: [{ name: 'web', cells: { Data: '0', Age: '5m' } }], total: 13 })
  expect(readTable(tableSchema.parse({ columnDefinitions: null, rows: null }))).toEqual({ rows: [], total: 0 })
})
