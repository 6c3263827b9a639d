import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'

import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { decideRequest } from './decide-request.ts'
import { readRequest } from './read-request.ts'
import { requestRole } from './request-role.ts'
import { requestSpace } from './request-space.ts'

let fixture: BrokerFixture
let owner: Actor
let asker: Actor
let admin: Actor
/** The same cluster at a port that refuses connections. */
let away: Clusters
const dir = mkdtempSync(join(tmpdir(), 'spaceport-away-'))
const run = promisify(execFile)
const kubectl = (...args: string[]) => run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])
beforeAll(async () => {
  fixture = await openBrokerFixture()
  ;[owner, asker, admin] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('padmin', { platformRole: 'admin' }),
  ])
  const path = join(dir, 'kubeconfig')
  writeFileSync(
    path,
    readFileSync(inject('kubeBroker'), 'utf8').replace(/https:\/\/127\.0\.0\.1:\d+/g, 'https://127.0.0.1:1'),
  )
  away = connectClusters({ kubeconfig: path, clusters: [] })
})
afterAll(async () => {
  await Promise.all([fixture.close(), away.close()])
  rmSync(dir, { recursive: true })
})

const read = (who: Actor, id: string) => readRequest(fixture.as(who), { id })
async function approve(who: Actor, id: string, changed = {}) {
  const { payloadHash } = await read(who, id)
  return decideRequest(fixture.as(who, changed), { id, payloadHash, decision: 'approve' })
}

test('requester and approver see that an approved role is not on the cluster yet, and when it is', async () => {
  const name = uniqueName('late')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  const { id: spaceId } = await readSpace(fixture.as(owner), { name })
  const asked = { space: { name }, role: 'viewer' as const, minutes: 60, reason: 'to look' }
  const { id } = await requestRole(fixture.as(asker), asked)
  const before = new Date()
  expect(await approve(owner, id, { clusters: away })).toEqual({ state: 'approved' })
  for (const who of [owner, asker]) {
    const { made } = await read(who, id)
    if (made?.onCluster?.state !== 'failing') throw new Error(`not failing: ${JSON.stringify(made)}`)
    expect(made.onCluster.message).toContain('The cluster isn’t responding')
    expect(made.onCluster.since?.getTime()).toBeGreaterThanOrEqual(before.getTime())
  }
  const since = async () => {
    const onCluster = (await read(owner, id)).made?.onCluster
    return onCluster?.state === 'failing' ? onCluster.since : null
  }
  const first = await since()
  await reconcileSpace({ ...fixture.system(), clusters: away }, spaceId)
  expect(await since()).toEqual(first)

  expect(await reconcileSpace(fixture.system(), spaceId)).toEqual({ settled: true })
  const done = await read(asker, id)
  expect(done.made).toMatchObject({ state: 'current', onCluster: { state: 'done', at: expect.any(Date) } })
  expect(await read(owner, id)).toMatchObject({ made: { onCluster: done.made?.onCluster } })

  // A later failure of the space does not belong to this request.
  const more = await requestRole(fixture.as(asker), { ...asked, role: 'editor' })
  await approve(owner, more.id, { clusters: away })
  expect(await read(asker, id)).toMatchObject({ made: { onCluster: done.made?.onCluster } })
  expect(await read(asker, more.id)).toMatchObject({ made: { onCluster: { state: 'failing' } } })
})

test('an approved space shows that its name is taken on the cluster, and is created once the name is free', async () => {
  const name = uniqueName('refused')
  const { id } = await requestSpace(fixture.as(asker), {
    name,
    description: '',
    size: 'L',
    endsAt: null,
    reason: 'a test',
  })
  await kubectl('create', 'namespace', name)
  await approve(admin, id)
  for (const who of [admin, asker])
    expect(await read(who, id)).toMatchObject({
      state: 'approved',
      made: {
        state: 'current',
        onCluster: { state: 'failing', message: expect.stringContaining('already exists on the cluster') },
      },
    })

  await kubectl('delete', 'namespace', name)
  const { id: spaceId } = await readSpace(fixture.as(asker), { name })
  expect(await reconcileSpace(fixture.system(), spaceId)).toEqual({ settled: true })
  for (const who of [admin, asker])
    expect(await read(who, id)).toMatchObject({ made: { onCluster: { state: 'done', at: expect.any(Date) } } })
})
