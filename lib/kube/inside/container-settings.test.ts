import { expect, test } from 'vitest'
import { containerSettings } from './container-settings.ts'

test('each container is shown with its limits, and the names of what its variables come from', () => {
  const spec = {
    initContainers: [{ name: 'migrate', image: 'app:1', envFrom: [{ prefix: 'DB_', secretRef: { name: 'db' } }] }],
    containers: [
      {
        name: 'main',
        image: 'app:2',
        resources: { requests: { cpu: 0.5, memory: '64Mi' }, limits: { memory: '128Mi' } },
        envFrom: [{ configMapRef: { name: 'settings' } }],
        env: [
          { name: 'LEVEL', value: 'info' },
          { name: 'LEVEL', value: 'debug' },
          { name: 'EMPTY' },
          { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
          { name: 'DB', valueFrom: { secretKeyRef: { name: 'db', key: 'url', optional: true } } },
          { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
          { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
        ],
      },
    ],
  }
  const [first, second] = containerSettings({ spec })
  const inJob = { jobTemplate: { spec: { template: { spec } } } }
  for (const made of [{ template: { spec } }, inJob]) expect(containerSettings({ spec: made })).toEqual([first, second])
  expect(first).toEqual({
    name: 'migrate',
    init: true,
    image: 'app:1',
    resources: [],
    variables: [],
    sets: [{ from: 'Secret', name: 'db', prefix: 'DB_' }],
  })
  expect(second).toMatchObject({
    init: false,
    resources: [
      { resource: 'cpu', request: '0.5', limit: '' },
      { resource: 'memory', request: '64Mi', limit: '128Mi' },
    ],
    sets: [{ from: 'ConfigMap', name: 'settings', prefix: '' }],
  })
  expect(second?.variables).toEqual([
    { name: 'LEVEL', source: { from: 'value', value: 'debug' } },
    { name: 'EMPTY', source: { from: 'value', value: '' } },
    { name: 'MODE', source: { from: 'ConfigMap', name: 'settings', key: 'mode' } },
    { name: 'DB', source: { from: 'Secret', name: 'db', key: 'url' } },
    { name: 'IP', source: { from: 'field', path: 'status.podIP' } },
    { name: 'CPUS', source: { from: 'field', path: 'limits.cpu' } },
  ])
})

test('a value that looks secret is never shown', () => {
  const env = [
    { name: 'ADMIN_PASSWORD', value: 'hunter2' },
    { name: 'DATABASE', value: 'postgres://app:hunter2@db/app' },
  ]
  const image = 'https://app:hunter2@registry.example.com/app'
  const shown = JSON.stringify(containerSettings({ spec: { containers: [{ name: 'main', image, env }] } }))
  expect(shown).not.toContain('hunter2')
  expect(shown).toContain('postgres://app:')
})
