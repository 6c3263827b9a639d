import { expect, test } from 'vitest'
import { maskManifest } from './mask-manifest.ts'

const container = (more: object) => ({ spec: { containers: [{ name: 'main', ...more }] } })

test('values that look secret are masked anywhere in a pod’s template', () => {
  const { object, masked } = maskManifest(
    container({
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'GITHUB_TOKEN', value: 'ghp_x' },
        { name: 'AWS_SECRET_ACCESS_KEY', value: 'abc' },
        { name: 'DATABASE_URL', value: 'postgres://app:hunter2@db:5432/app' },
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'SECRET_FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      ],
      args: ['--password=hunter2', '--token', 'abc', '--verbose', 'https://me:pw@example.com/x'],
      command: ['run', '--db-password', 'hunter2'],
    }),
  )
  const text = JSON.stringify(object)
  for (const secret of ['hunter2', 'ghp_x', '"abc"', ':pw@']) expect(text).not.toContain(secret)
  expect(masked).toBe(8)
  expect(text).toContain('"value":"debug"')
  expect(text).toContain('postgres://app:••••••@db:5432/app')
  expect(text).toContain('"secretKeyRef":{"name":"db","key":"password"}')
  expect(text).toContain('"--verbose"')
})

test('names that end in PAT or DSN, signed URLs and JSON are masked in variables, arguments and annotations', () => {
  const { object, masked } = maskManifest({
    metadata: { annotations: { 'example.com/config': '{"password":"hunter2"}', 'example.com/api-token': 'hunter2' } },
    ...container({
      env: [
        { name: 'AZURE_PAT', value: 'hunter2' },
        { name: 'SENTRY_DSN', value: 'https://hunter2@sentry.example/1' },
        { name: 'SOURCE', value: 'https://b.example/o?X-Amz-Signature=hunter2' },
      ],
      args: ['--config', '{"token":"hunter2"}'],
      command: ['sh', '-c', 'PGPASSWORD=hunter2 psql'],
    }),
  })
  expect(JSON.stringify(object)).not.toContain('hunter2')
  expect(masked).toBe(7)
})

test('machine-written fields are left out, above all the copy of kubectl apply', () => {
  const { object, masked } = maskManifest({
    metadata: {
      name: 'web',
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"x"}', team: 'a' },
    },
  })
  expect(object).toEqual({ metadata: { name: 'web', annotations: { team: 'a' } } })
  expect(masked).toBe(0)
})

test('texts designed to be slow are masked as fast as any', () => {
  const slow = [
    'a'.repeat(1_000_000),
    `-${'token'.repeat(200_000)}`,
    '://'.repeat(300_000),
    `://${':a'.repeat(400_000)}`,
  ]
  const before = process.cpuUsage()
  const { masked } = maskManifest(container({ args: slow, env: slow.map((text) => ({ name: text, value: text })) }))
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000)
  expect(masked).toBe(1)
})
