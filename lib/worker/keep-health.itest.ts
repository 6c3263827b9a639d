import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { makeOwnedSpace } from '#dev/testing/fixtures/usage-scene.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { maxObjectBytes, request } from '#lib/kube/client/request.ts'
import { keepHealth } from './keep-health.ts'

let fixture: BrokerFixture
const stopped = new AbortController()
let keeping: Promise<void>

beforeAll(async () => {
  fixture = await openBrokerFixture()
  keeping = keepHealth(fixture.system(), 'default', stopped.signal)
})
afterAll(async () => {
  stopped.abort()
  await keeping
  await fixture.close()
})

async function makeSpace() {
  const { owner, id } = await makeOwnedSpace(fixture)
  const { rows } = await fixture.owner.query('SELECT namespace FROM space WHERE id = $1', [id])
  return { owner, id, namespace: String(rows[0].namespace) }
}

const send = (as: Actor, method: 'POST' | 'DELETE', path: string, body?: unknown) =>
  request(
    fixture.services.clusters.get('default'),
    { method, path, body, as, maxAnswerBytes: maxObjectBytes },
    z.unknown(),
  )

const deploy = (as: Actor, namespace: string, name: string, { failure = '', replicas = 1 }) =>
  send(as, 'POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...(failure && { 'spaceport.dev/simulate': failure }) } },
        spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
      },
    },
  })

const remove = (as: Actor, namespace: string, name: string) =>
  send(as, 'DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)

const untilHealth = (id: string, expected: unknown) =>
  expect
    .poll(
      async () => {
        const { rows } = await fixture.owner.query(
          'SELECT state, workloads, problem FROM space_health WHERE space_id = $1',
          [id],
        )
        return rows[0] ?? null
      },
      { timeout: 90_000, interval: 500 },
    )
    .toEqual(expected)

const problem = (kind: string, name: string, restarts = 0) => ({
  ...{ kind, restarts },
  workload: { kind: 'Deployment', name },
})

test('the worst problem of a space is known, and forgotten once it is gone', async () => {
  const { owner, id, namespace } = await makeSpace()
  await deploy(owner, namespace, 'web', {})
  await deploy(owner, namespace, 'api', { failure: 'crash' })
  await deploy(owner, namespace, 'img', { failure: 'image-pull' })
  await untilHealth(id, { state: 'failing', workloads: 2, problem: problem('image', 'img') })
  await remove(owner, namespace, 'img')
  await untilHealth(id, { state: 'failing', workloads: 1, problem: problem('crashing', 'api', 5) })
  await remove(owner, namespace, 'api')
  await untilHealth(id, null)
}, 200_000)

test('a workload that the quota leaves without pods waits for quota, until it is deleted', async () => {
  const { owner, id, namespace } = await makeSpace()
  await deploy(owner, namespace, 'many', { replicas: 60 })
  await untilHealth(id, { state: 'quota', workloads: 1, problem: problem('quota', 'many') })
  await remove(owner, namespace, 'many')
  await untilHealth(id, null)
}, 200_000)

test('the time of the last reading is kept for the cluster', async () => {
  await expect
    .poll(
      async () => {
        const { rows } = await fixture.owner.query(
          `SELECT health_read_at > now() - interval '1 minute' AS fresh, health_refused_at AS refused
           FROM cluster_reading JOIN cluster c ON c.id = cluster_id WHERE c.name = 'default'`,
        )
        return rows[0]
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual({ fresh: true, refused: null })
})

test('rows of another leader that left late are corrected', async () => {
  const { id } = await makeSpace()
  const health = { kind: 'crashing', workload: { kind: 'Pod', name: 'gone' }, restarts: 1 }
  await fixture.owner.query(
    `INSERT INTO space_health (space_id, state, workloads, problem) VALUES ($1, 'failing', 1, $2)`,
    [id, health],
  )
  await untilHealth(id, null)
}, 200_000)

test('pods in a namespace that isn’t a ready space’s are not read', async () => {
  const { owner, id, namespace } = await makeSpace()
  await fixture.owner.query(`UPDATE space SET status = 'failed' WHERE id = $1`, [id])
  await deploy(owner, namespace, 'api', { failure: 'crash' })
  const other = await makeSpace()
  await deploy(other.owner, other.namespace, 'api', { failure: 'crash' })
  await untilHealth(other.id, { state: 'failing', workloads: 1, problem: problem('crashing', 'api', 5) })
  await untilHealth(id, null)
}, 200_000)

test('a pod that is too large for one answer with others doesn’t hide the rest', async () => {
  const [large, other] = [await makeSpace(), await makeSpace()]
  // The API server writes each of these in six characters: more than 8 MiB together.
  const value = '<'.repeat(1_430_000)
  await send(large.owner, 'POST', `/api/v1/namespaces/${large.namespace}/pods`, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'large' } },
    spec: { containers: [{ name: 'app', image: 'example.com/app:1', env: [{ name: 'LARGE', value }] }] },
  })
  await deploy(other.owner, other.namespace, 'api', { failure: 'crash' })
  await untilHealth(other.id, { state: 'failing', workloads: 1, problem: problem('crashing', 'api', 5) })
  await remove(other.owner, other.namespace, 'api')
  await untilHealth(other.id, null)
  const again = new AbortController()
  const second = keepHealth(fixture.system(), 'default', again.signal)
  await deploy(other.owner, other.namespace, 'img', { failure: 'image-pull' })
  await untilHealth(other.id, { state: 'failing', workloads: 1, problem: problem('image', 'img') })
  again.abort()
  await second
}, 300_000)
