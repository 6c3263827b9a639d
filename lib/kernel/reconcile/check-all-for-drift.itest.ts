import { execFile } from 'node:child_process'
import diagnosticsChannel from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startApiServerProxy } from '#dev/testing/network/api-server-proxy.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { checkAllForDrift } from './check-all-for-drift.ts'
import { reconcileSpace } from './reconcile-space.ts'

const run = promisify(execFile)
const kubectl = async (...args: string[]): Promise<string> =>
  (await run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])).stdout

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** @returns a new person's spaces, adjacent when sorted, one name a prefix of the other */
async function spaces(count: number): Promise<string[]> {
  const owner = fixture.as(await fixture.person('drift'))
  const first = uniqueName('drift')
  const names = [first, ...Array.from({ length: count - 1 }, (_, i) => `${first}-${i}`)]
  for (const name of names) await createSpace(owner, { name, description: '', size: 'S', endsAt: null })
  return names
}

/** @returns the requests that the cluster received while `run` ran, as `METHOD /path` */
async function requestsOf(run: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = []
  const note = (message: unknown) => {
    const { request } = message as { request: { method: string; path: string } }
    asked.push(`${request.method} ${request.path.split('?')[0]}`)
  }
  diagnosticsChannel.subscribe('undici:request:create', note)
  try {
    await run()
  } finally {
    diagnosticsChannel.unsubscribe('undici:request:create', note)
  }
  return asked
}

test('a full pass over intact spaces reads whole lists, and writes nothing', async () => {
  await spaces(4)
  const asked = await requestsOf(async () => expect(await checkAllForDrift(fixture.system(), 'default')).toBe(0))
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((request) => !request.startsWith('GET '))).toEqual([])
  expect(asked.filter((request) => /\/namespaces\/(?!spaceport-users\/)/.test(request))).toEqual([])
})

test('a full pass repairs every kind of drift, and only in the space that has it', async () => {
  const [bindingGone, bindingAdded, quotaChanged, labelChanged, untouched] = await spaces(5)
  await kubectl('delete', 'rolebinding', '--all', '-n', bindingGone ?? '')
  await kubectl(
    ...[
      'create',
      'rolebinding',
      'theirs',
      '--clusterrole=view',
      '--serviceaccount=default:default',
      '-n',
      bindingAdded ?? '',
    ],
  )
  await kubectl('label', 'rolebinding', 'theirs', '-n', bindingAdded ?? '', 'spaceport.dev/managed-by=spaceport')
  await kubectl(
    ...['patch', 'resourcequota', 'spaceport', '-n', quotaChanged ?? '', '-p', '{"spec":{"hard":{"pods":"999"}}}'],
  )
  await kubectl(
    'label',
    'namespace',
    labelChanged ?? '',
    'pod-security.kubernetes.io/enforce=privileged',
    '--overwrite',
  )

  const asked = await requestsOf(async () => expect(await checkAllForDrift(fixture.system(), 'default')).toBe(4))
  expect(asked.some((request) => request.includes(`/namespaces/${untouched}/`))).toBe(false)
  expect(asked.some((request) => request.includes(`/namespaces/${bindingGone}/`))).toBe(true)
  expect(await kubectl('get', 'rolebinding', '-n', bindingGone ?? '', '-o', 'name')).toContain('rolebinding')
  expect(await kubectl('get', 'rolebinding', '-n', bindingAdded ?? '', '-o', 'name')).not.toContain('theirs')
  expect(await checkAllForDrift(fixture.system(), 'default')).toBe(0)
})

test('a cancelled full pass starts no more repairs', async () => {
  const [name] = await spaces(1)
  await kubectl('delete', 'rolebinding', '--all', '-n', name ?? '')
  const ended = new AbortController()
  const options = { signal: ended.signal, onListed: () => ended.abort() }
  expect(await checkAllForDrift(fixture.system(), 'default', options)).toBe(0)
  expect(await kubectl('get', 'rolebinding', '-n', name ?? '', '-o', 'name')).toBe('')
  expect(await checkAllForDrift(fixture.system(), 'default')).toBe(1)
})

/** @returns the context of a worker with an API server that answers some requests with 500 */
async function withTrouble(isInTrouble: (request: IncomingMessage) => boolean) {
  const apiServer = await startApiServerProxy(inject('kubeBroker'), {
    instead: (request, response) => {
      if (!isInTrouble(request)) return false
      request.resume()
      response.writeHead(500).end()
      return true
    },
  })
  onTestFinished(() => apiServer.close())
  return fixture.system({ clusters: apiServer.clusters })
}
const bindingsIn = (name = '') => kubectl('get', 'rolebinding', '-n', name, '-o', 'name')
const checkedAt = async () =>
  (await fixture.owner.query('SELECT drift_checked_at AS at FROM cluster_reading')).rows[0]?.at ?? null

test('a space that can’t be checked doesn’t stop the others, and fails the pass', async () => {
  const [busy, other] = await spaces(2)
  for (const name of [busy, other]) await kubectl('delete', 'rolebinding', '--all', '-n', name ?? '')
  const before = await checkedAt()
  const pass = checkAllForDrift(
    await withTrouble(({ url }) => url?.includes(`/namespaces/${busy}/`) ?? false),
    'default',
  )
  await expect(pass).rejects.toThrow('the full pass could not check some spaces: 1')
  expect([await bindingsIn(busy), await bindingsIn(other)]).toEqual(['', expect.stringContaining('spaceport:admin')])
  expect(await checkedAt()).toEqual(before)
  expect(await checkAllForDrift(fixture.system(), 'default')).toBe(1)
})

test('a failed repair doesn’t fail the pass: the queue continues with it', async () => {
  const [name] = await spaces(1)
  await kubectl('delete', 'rolebinding', '--all', '-n', name ?? '')
  const ctx = await withTrouble(({ method }) => method === 'PATCH')
  expect(await checkAllForDrift(ctx, 'default')).toBe(0)
  expect(await bindingsIn(name)).toBe('')
  const { rows } = await fixture.owner.query('SELECT id FROM space WHERE name = $1', [name])
  await reconcileSpace(fixture.system(), rows[0].id)
  expect(await bindingsIn(name)).toContain('spaceport:admin')
})
