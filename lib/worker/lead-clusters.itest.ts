import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startCountingProxy } from '#dev/testing/network/counting-proxy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { leadClusters } from './lead-clusters.ts'

let fixture: BrokerFixture
let clusters: Clusters
let refused: Clusters
let databaseUrl: string
const dir = mkdtempSync(join(tmpdir(), 'spaceport-lead-'))

beforeAll(async () => {
  fixture = await openBrokerFixture()
  databaseUrl = (await ownDatabase()).databaseUrls.worker
  clusters = connectClusters({ kubeconfig: inject('kubeBroker'), clusters: [] })
  const path = join(dir, 'refused')
  writeFileSync(path, readFileSync(inject('kubeBroker'), 'utf8').replace(/("?token"?: ?"?)[^"\n]+/, '$1outdated'))
  refused = connectClusters({ kubeconfig: path, clusters: [] })
})
afterAll(async () => {
  await Promise.all([clusters?.close(), refused?.close()])
  await fixture?.close()
  rmSync(dir, { recursive: true, force: true })
})

async function leaders(): Promise<number> {
  const { rows } = await fixture.owner.query(
    `SELECT count(*)::int AS count FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'spaceport-worker-lease'
       AND a.datname = current_database()`,
  )
  return rows[0].count
}

test('a worker with refused credentials leaves a cluster to one that can repair it', async () => {
  const name = uniqueName('led')
  const owner = await fixture.person('owner')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  const isThere = async () =>
    (await listManaged(clusters.get('default'), name)).some(({ metadata }) => metadata.name === 'spaceport:admin')
  expect(await isThere()).toBe(true)

  const useless = leadClusters(fixture.system({ clusters: refused }), databaseUrl)
  await vi.waitFor(async () => expect(await leaders()).toBe(1), { timeout: 30_000, interval: 2 })
  const other = leadClusters(fixture.system({ clusters }), databaseUrl)
  await deleteObject(clusters.get('default'), {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    namespace: name,
    name: 'spaceport:admin',
  })
  await vi.waitFor(async () => expect(await isThere()).toBe(true), { timeout: 90_000, interval: 100 })
  await Promise.all([useless.stop(), other.stop()])
})

test('a worker stopped while it asks for the lease stops, and leads nothing', async () => {
  const direct = new URL(databaseUrl)
  const proxy = await startCountingProxy({ host: direct.hostname, port: Number(direct.port) })
  proxy.take(3)
  const slow = Object.assign(new URL(direct), { port: String(proxy.port) }).href
  const leading = leadClusters(fixture.system({ clusters }), slow)
  // Postgres has given the lease; its answer is on the way.
  await vi.waitFor(async () => expect(await leaders()).toBe(1), { timeout: 30_000, interval: 5 })
  expect(
    await withDeadline(
      leading.stop().then(() => 'stopped'),
      60_000,
      () => 'still running',
    ),
  ).toBe('stopped')
  expect(await leaders()).toBe(0)
  await proxy.close()
})
