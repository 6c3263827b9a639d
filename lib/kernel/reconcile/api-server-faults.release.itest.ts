import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { type Instead, startApiServerProxy } from '#dev/testing/network/api-server-proxy.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { contactFailureOf } from '#lib/kube/client/contact-failure.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { reconcileSpace } from './reconcile-space.ts'

/** What people see, what waits and what recovers automatically: docs/availability.md. */
let fixture: BrokerFixture
let apiServer: Awaited<ReturnType<typeof startApiServerProxy>>

beforeAll(async () => {
  fixture = await openBrokerFixture()
  apiServer = await startApiServerProxy(inject('kubeBroker'))
})
afterAll(async () => {
  await apiServer?.close()
  await fixture?.close()
})

const well: Instead = () => false
const status =
  (code: number, reason: string): Instead =>
  (request, response) => {
    request.resume()
    const body = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason,
      code,
      message: 'words of the API server',
    }
    response.writeHead(code, { 'content-type': 'application/json', 'retry-after': '1' }).end(JSON.stringify(body))
    return true
  }
const slow: Instead = (request, response) => {
  if (request.method === 'GET') return false
  request.resume()
  setTimeout(() => response.destroy(), 9_000)
  return true
}
const cut: Instead = (request) => {
  request.socket.destroy()
  return true
}
/** How many spaces were ready for the first time, and the sum of their creation times. */
async function createdSpaces(): Promise<{ count: number; sum: number }> {
  const { values } = await metrics().spaceCreation.get()
  const of = (ending: string) => values.find(({ metricName }) => metricName?.endsWith(ending))?.value ?? 0
  return { count: of('_count'), sum: of('_sum') }
}
const plain = { description: '', size: 'S' as const, endsAt: null }

test.each([
  ['answers 429', status(429, 'TooManyRequests'), 'cluster_busy'],
  ['answers 500', status(500, 'InternalError'), 'cluster_failed'],
  ['answers 503', status(503, 'ServiceUnavailable'), 'cluster_failed'],
  ['answers 504', status(504, 'Timeout'), 'cluster_busy'],
  ['cuts connections', cut, 'cluster_unreachable'],
  ['doesn’t answer in time', slow, null],
] as const)(
  'while an API server %s, a new space waits and shows the reason; then it becomes ready',
  async (_what, fault, code) => {
    const owner = await fixture.person('waits')
    const ctx = fixture.as(owner, { clusters: apiServer.clusters, patienceMs: code === null ? 1_500 : 20_000 })
    const name = uniqueName('waits')
    apiServer.answer(fault)
    const began = performance.now()
    expect(await createSpace(ctx, { ...plain, name })).toMatchObject({ settled: false })
    if (code === null) expect(performance.now() - began).toBeLessThan(8_000)
    const waiting = await readSpace(ctx, { name })
    expect(waiting).toMatchObject(
      code === null ? { status: 'creating', failure: null } : { status: 'failed', failure: { code } },
    )
    expect(JSON.stringify(waiting)).not.toContain('words of the API server')

    apiServer.answer(well)
    const { id } = waiting
    const system = fixture.system({ clusters: apiServer.clusters })
    const counted = await createdSpaces()
    await vi.waitFor(async () => expect(await reconcileSpace(system, id)).toMatchObject({ settled: true }), 60_000)
    // Counted once, from its creation, however long the cluster was unavailable.
    const { count, sum } = await createdSpaces()
    expect(count).toBe(counted.count + 1)
    expect(sum - counted.sum).toBeGreaterThan(0.01)
    await reconcileSpace(system, id)
    expect(await createdSpaces()).toEqual({ count, sum })
    expect(await readSpace(ctx, { name })).toMatchObject({ status: 'ready', failure: null })
  },
)

test('a role removed in the meantime ends immediately at the gateway, and on the cluster when it answers', async () => {
  const [owner, member] = [await fixture.person('owner'), await fixture.person('member')]
  const ctx = fixture.as(owner, { clusters: apiServer.clusters })
  const name = uniqueName('removed')
  await createSpace(ctx, { ...plain, name })
  await addGrant(ctx, { space: { name }, principal: member.handle, role: 'viewer', endsAt: null, reason: '' })
  const bound = async () =>
    (await listManaged(apiServer.clusters.get('default'), name)).filter(({ metadata }) =>
      JSON.stringify(metadata).includes('spaceport:viewer'),
    ).length
  expect(await bound()).toBe(1)
  const [grant] = (await listGrants(ctx, { name })).grants.filter(({ role }) => role === 'viewer')
  if (!grant) throw new Error('there is no such role')

  apiServer.answer(status(503, 'ServiceUnavailable'))
  await removeGrant(ctx, { space: { name }, grantId: grant.id, reason: '' })
  expect((await listGrants(ctx, { name })).grants.filter(({ role }) => role === 'viewer')).toEqual([])
  const { rows } = await fixture.owner.query('SELECT FROM space_grant WHERE id = $1 AND removed_at IS NULL', [grant.id])
  expect(rows).toEqual([])

  apiServer.answer(well)
  expect(await bound()).toBe(1)
  const { id } = await readSpace(ctx, { name })
  await reconcileSpace(fixture.system({ clusters: apiServer.clusters }), id)
  expect(await bound()).toBe(0)
})

test('a certificate from another authority is reported as such, and accepted once the authority’s file has it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-authorities-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const made = await Promise.all(
    ['old', 'new'].map(async (name) => {
      const authority = await openAuthority(join(dir, name), name)
      const about = { commonName: 'api', hosts: ['127.0.0.1'], usages: ['server' as const] }
      const { certFile, keyFile } = await authority.issue('api', about)
      const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')]
      return { ca: readFileSync(authority.caFile, 'utf8'), cert, key }
    }),
  )
  const [before, after] = made
  if (!before || !after) throw new Error('there are no certificates')
  const caFile = join(dir, 'ca.crt')
  writeFileSync(caFile, before.ca)
  // The kubeconfig is beside the fixture’s.
  const kubeconfig = join(dir, 'kubeconfig')
  copyFileSync(inject('kubeBroker'), kubeconfig)
  const proxy = await startApiServerProxy(kubeconfig, { tls: { ...before, caFile } })
  onTestFinished(() => proxy.close())
  const cluster = proxy.clusters.get('default')
  const failure = () =>
    pingCluster(cluster).then(
      () => null,
      (error: unknown) => (isAppError(error) ? contactFailureOf(error) : String(error)),
    )
  expect(await failure()).toBe(null)
  proxy.useCertificate(after)
  await vi.waitFor(async () => expect(await failure()).toBe('certificate'), 10_000)
  writeFileSync(caFile, `${before.ca}${after.ca}`)
  await vi.waitFor(async () => expect(await failure()).toBe(null), { timeout: 20_000, interval: 500 })
})
