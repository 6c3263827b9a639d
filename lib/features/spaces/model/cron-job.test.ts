import { expect, test } from 'vitest'
import { cronJobSchema, renderRunNow } from './cron-job.ts'

const cronJob = (name: string, metadata: unknown = undefined) =>
  cronJobSchema.parse({
    metadata: { name, uid: 'c0ffee00-0000-4000-8000-000000000001' },
    spec: { jobTemplate: { metadata, spec: { backoffLimit: 2, template: { spec: { containers: [] } } } } },
  })
const now = new Date('2026-12-03T09:00:00Z')

test('a CronJob is run now as kubectl does it: from its template, owned by it', () => {
  const made = renderRunNow(cronJob('nightly', { labels: { app: 'a' }, annotations: { note: 'b' } }), now)
  expect(made).toEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `nightly-manual-${now.getTime().toString(36)}`,
      labels: { app: 'a' },
      annotations: { note: 'b', 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name: 'nightly',
          uid: 'c0ffee00-0000-4000-8000-000000000001',
          controller: true,
        },
      ],
    },
    spec: { backoffLimit: 2, template: { spec: { containers: [] } } },
  })
})

test('the Job of the longest CronJob has a valid name', () => {
  for (const name of ['a'.repeat(52), `${'a'.repeat(45)}.b23456`]) {
    const made = renderRunNow(cronJob(name), now)
    expect(made).toMatchObject({ metadata: { name: expect.stringMatching(/^a{45,46}-manual-[a-z0-9]{8}$/) } })
  }
})
