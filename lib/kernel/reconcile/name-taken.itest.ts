import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { retrySpace } from '#lib/features/spaces/use-cases/retry-space.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { repairDrift } from './repair-drift.ts'

let fixture: BrokerFixture
const cluster = openClusterFixture()
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(async () => {
  await cluster.close()
  await fixture.close()
})

test('a foreign object with a name that Spaceport needs is left alone, and the space reports it until it is gone', async () => {
  const name = uniqueName('taken')
  const owner = fixture.as(await fixture.person('owner'))
  await createSpace(owner, { name, description: '', size: 'S', endsAt: null })
  const { id } = await readSpace(owner, { name })
  const ref = { apiVersion: 'v1', kind: 'LimitRange', namespace: name, name: 'spaceport' }
  await deleteObject(cluster.admin, ref)
  const limits = [{ type: 'Pod', max: { cpu: '77' } }]
  await applyObject(cluster.admin, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'spaceport', namespace: name },
    spec: { limits },
  })

  const sentence = `${name} already has a LimitRange named spaceport that Spaceport didn’t create`
  await expect(repairDrift(fixture.system(), id)).rejects.toMatchObject({
    code: 'cluster_conflict',
    sentence: expect.stringContaining(sentence),
  })
  expect(await readSpace(owner, { name })).toMatchObject({
    status: 'failed',
    failure: { code: 'cluster_conflict', message: expect.stringContaining(sentence) },
  })
  const path = `/api/v1/namespaces/${name}/limitranges/spaceport`
  const read = () =>
    request(cluster.admin, { method: 'GET', path }, z.looseObject({ spec: z.unknown(), metadata: z.looseObject({}) }))
  const left = await read()
  expect(left.spec).toEqual({ limits })
  expect(left.metadata).not.toHaveProperty('labels')

  await deleteObject(cluster.admin, ref)
  await retrySpace(owner, { space: { name } })
  expect(await readSpace(owner, { name })).toMatchObject({ status: 'ready', failure: null })
  expect((await read()).metadata).toMatchObject({ labels: { 'spaceport.dev/managed-by': 'spaceport' } })
})
