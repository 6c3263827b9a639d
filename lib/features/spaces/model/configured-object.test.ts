import { expect, test } from 'vitest'
import { configuredSchemas, endpointSliceSchema, endpointsOf, maxValue } from './configured-object.ts'

const metadata = { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' }

test('a Service has its ports and selector; one without them is an alias', () => {
  const ports = [
    { name: 'http', port: 80, protocol: 'TCP', targetPort: 'web' },
    { port: 53, protocol: 'UDP', targetPort: 5353, nodePort: 30053 },
  ]
  const spec = { type: 'NodePort', clusterIP: '10.0.0.1', selector: { app: 'web' }, ports }
  expect(configuredSchemas.Service.parse({ metadata, spec })).toMatchObject({
    type: 'NodePort',
    clusterIp: '10.0.0.1',
    ports: ['http 80/TCP → web', '53/UDP → 5353, node port 30053'],
    selector: { app: 'web' },
  })
  const alias = { type: 'ExternalName', externalName: 'db.example.com' }
  expect(configuredSchemas.Service.parse({ metadata, spec: alias })).toMatchObject({
    externalName: 'db.example.com',
    ports: [],
    selector: {},
  })
})

test('endpoints of all slices are listed once, those that aren’t ready first', () => {
  const slices = [
    {
      endpoints: [
        { addresses: ['10.1.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1' } },
        { addresses: ['10.1.0.2'], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'web-2' } },
      ],
    },
    { endpoints: [{ addresses: ['10.1.0.1'], conditions: {} }, { addresses: ['10.1.0.3'] }] },
    { endpoints: null },
  ].map((slice) => endpointSliceSchema.parse(slice))
  expect(endpointsOf(slices)).toEqual([
    { address: '10.1.0.2', ready: false, pod: 'web-2' },
    { address: '10.1.0.1', ready: true, pod: null },
    { address: '10.1.0.3', ready: true, pod: null },
  ])
})

test('an Ingress has its rules with their backends, and which hosts are secured', () => {
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const spec = {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['*.example.com'], secretName: 'tls' }],
    rules: [
      { host: 'shop.example.com', http: { paths: [{ path: '/cart', pathType: 'Prefix', backend }] } },
      { http: { paths: [{ pathType: 'Prefix', backend: { resource: { kind: 'StorageBucket', name: 'static' } } }] } },
      { host: 'bare.example.com' },
    ],
    defaultBackend: { service: { name: 'other', port: { name: 'http' } } },
  }
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example.net' }] } }
  expect(configuredSchemas.Ingress.parse({ metadata, spec, status })).toMatchObject({
    className: 'nginx',
    addresses: ['192.0.2.1', 'lb.example.net'],
    rules: [
      { host: 'shop.example.com', path: '/cart', tls: true, backend: { service: 'web', text: 'web:80' } },
      { host: '', path: '/', tls: false, backend: { service: null, text: 'StorageBucket/static' } },
      { host: '', path: '/', pathType: 'Default', backend: { service: 'other', text: 'other:http' } },
    ],
    tls: [{ hosts: ['*.example.com'], secret: 'tls' }],
  })
})

test('a ConfigMap has its values by key, long ones cut, binary ones by size', () => {
  const data = { 'z.conf': 'ä', 'a.conf': 'x'.repeat(maxValue + 1) }
  expect(configuredSchemas.ConfigMap.parse({ metadata, data, binaryData: { logo: 'AAEC' } })).toMatchObject({
    values: [
      { key: 'a.conf', bytes: maxValue + 1, text: 'x'.repeat(maxValue), cut: true },
      { key: 'z.conf', bytes: 2, text: 'ä', cut: false },
    ],
    binary: [{ key: 'logo', bytes: 3 }],
  })
  expect(configuredSchemas.ConfigMap.parse({ metadata })).toMatchObject({ values: [], binary: [] })
})

test('a claim that waits has what it asks for, and no capacity', () => {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'fast' }
  expect(configuredSchemas.PersistentVolumeClaim.parse({ metadata, spec, status: { phase: 'Pending' } })).toMatchObject(
    {
      status: 'Pending',
      capacity: '',
      requested: '1Gi',
      storageClass: 'fast',
      accessModes: ['ReadWriteOnce'],
    },
  )
})
