import { expect, test } from 'vitest'
import { readGatewayConfig, readWebConfig, readWorkerConfig } from '#lib/config/config.ts'
import { parseEnvironment } from '#lib/config/environment.ts'
import { type EnvironmentOptions, renderEnvironment } from './environment.ts'

const options: EnvironmentOptions = {
  webUrl: 'http://localhost:3000',
  gatewayUrl: 'https://localhost:8443',
  ports: { web: 3000, gateway: 8443, webAdmin: 9092, gatewayAdmin: 9091, worker: 9090 },
  databaseUrls: {
    web: 'postgresql://web:web-secret@127.0.0.1:54329/spaceport',
    worker: 'postgresql://worker:worker-secret@127.0.0.1:54329/spaceport',
    gateway: 'postgresql://gateway:gateway-secret@127.0.0.1:54329/spaceport',
  },
  brokerKubeconfig: '/state/broker.kubeconfig',
  gatewayKubeconfig: '/state/gateway.kubeconfig',
  context: 'default',
  identity: { issuer: 'http://localhost:3001', clientId: 'spaceport', clientSecret: 'client-secret' },
  nextAuthSecret: 'a session secret that is long enough for it',
  webhookSecret: 'a secret of webhooks that is long enough',
  tls: { caFile: '/state/ca.crt', certFile: '/state/gateway.crt', keyFile: '/state/gateway.key' },
  audit: { port: 9443, certFile: '/state/audit.crt', keyFile: '/state/audit.key' },
  production: true,
  surroundings: {},
  settings: {},
}

test('each process accepts its environment', () => {
  const { web, gateway, worker } = renderEnvironment(options)
  expect(readWebConfig(web).SPACEPORT_ADMIN_GROUPS).toEqual(['platform-admins'])
  expect(readWebConfig(web).WEB_ADMIN_LISTEN).toBe('127.0.0.1:9092')
  expect(readGatewayConfig(gateway).GATEWAY_LISTEN).toBe('127.0.0.1:8443')
  expect(readGatewayConfig(gateway).GATEWAY_ADMIN_LISTEN).toBe('127.0.0.1:9091')
  expect(readWorkerConfig(worker).WORKER_LISTEN).toBe('127.0.0.1:9090')
  expect(readWorkerConfig(worker).WORKER_AUDIT_LISTEN).toBe('127.0.0.1:9443')
})

test('the gateway gets neither the portal’s secrets nor the broker’s kubeconfig', () => {
  const values = Object.values(renderEnvironment(options).gateway)
  expect(values).not.toContain(options.nextAuthSecret)
  expect(values).not.toContain(options.webhookSecret)
  expect(values).not.toContain(options.identity.clientSecret)
  expect(values).not.toContain(options.brokerKubeconfig)
})

test('each process gets its own login to the database, and no other’s', () => {
  const environment = renderEnvironment(options)
  for (const process of ['web', 'worker', 'gateway'] as const) {
    const values = Object.values(environment[process])
    expect(values.filter((value) => value.startsWith('postgresql:'))).toEqual([options.databaseUrls[process]])
  }
})

test('outside settings override the defaults, except for the parts’ addresses', () => {
  const settings = { SPACEPORT_SPACE_LIMIT: '9', DATABASE_URL: 'postgresql://elsewhere/db', NPM_TOKEN: 'secret' }
  const { web } = renderEnvironment({ ...options, settings })
  expect(parseEnvironment(['SPACEPORT_SPACE_LIMIT'], web).SPACEPORT_SPACE_LIMIT).toBe(9)
  expect(web.DATABASE_URL).toBe(options.databaseUrls.web)
  expect(web).not.toHaveProperty('NPM_TOKEN')
})
