import { expect, test } from 'vitest'
import { hostsOf, ingressSchema, serviceSchema, servicesOf, urlOf } from './exposure.ts'

const service = (name: string, selector: Record<string, string> | null) =>
  serviceSchema.parse({ metadata: { name }, spec: { selector, ports: [{ port: 80 }] } })

const ingress = ingressSchema.parse({
  metadata: { name: 'front' },
  spec: {
    tls: [{ hosts: ['safe.example.com', '*.wide.example.com'] }],
    rules: [
      { host: 'safe.example.com', http: { paths: [{ path: '/shop', backend: { service: { name: 'web' } } }] } },
      { host: 'a.wide.example.com', http: { paths: [{ backend: { service: { name: 'web' } } }] } },
      { host: 'open.example.com', http: { paths: [{ path: '/', backend: { service: { name: 'web' } } }] } },
      { host: '*.example.com', http: { paths: [{ path: '/', backend: { service: { name: 'web' } } }] } },
      { http: { paths: [{ path: '/', backend: { service: { name: 'web' } } }] } },
      { host: 'other.example.com', http: { paths: [{ path: '/', backend: { service: { name: 'other' } } }] } },
    ],
  },
})

test('a Service exposes the pods that match its whole selector; one without a selector exposes none', () => {
  const services = [
    service('web', { app: 'web' }),
    service('canary', { app: 'web', track: 'canary' }),
    service('manual', null),
    service('empty', {}),
  ]
  expect(servicesOf(services, { app: 'web', track: 'stable' })).toEqual([
    { name: 'web', type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', name: '' }] },
  ])
})

test('a host becomes a link where a browser can open it', () => {
  const hosts = hostsOf([ingress], [{ name: 'web' }])
  expect(hosts.map(urlOf)).toEqual([
    'https://safe.example.com/shop',
    'https://a.wide.example.com/',
    'http://open.example.com/',
    null,
    null,
  ])
})
