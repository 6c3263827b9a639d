import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startApiServerProxy } from '#dev/testing/network/api-server-proxy.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { retrySpace } from '#lib/features/spaces/use-cases/retry-space.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { hashTokenHex, makeToken } from '#lib/kernel/credentials/token.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'

const run = promisify(execFile)
const kubectl = async (...args: string[]): Promise<string> =>
  (await run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])).stdout.trim()

let fixture: BrokerFixture
let unfenced: Clusters
beforeAll(async () => {
  fixture = await openBrokerFixture()
  await fixture.forgetProof()
  // A client that is exempt from the fences can't prove them: for it, they seem to be missing.
  unfenced = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
})
afterAll(async () => {
  await unfenced.close()
  await fixture.close()
})

const plain = { description: '', size: 'S' as const, endsAt: null }

async function served(person: Actor): Promise<string[]> {
  const { token, hash } = makeToken((size) => randomBytes(size))
  const endsAt = new Date(Date.now() + 60_000)
  await fixture.services.db.credential.create({
    data: { id: crypto.randomUUID(), userId: person.userId, tokenHash: new Uint8Array(hash), endsAt },
  })
  const [row] = await selectAccess(fixture.services.pool, [hashTokenHex(token)], 'open')
  return (row?.spans ?? []).map(({ namespace, role }) => `${namespace} ${role}`)
}

async function bound(namespace: string): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'rolebindings', '-n', namespace, '-o', 'json'))
  return items.map(
    ({ metadata, subjects }: { metadata: { name: string }; subjects?: { name: string }[] }) =>
      `${metadata.name} ${(subjects ?? []).map(({ name }) => name).join()}`,
  )
}

test('without proved fences, a new space has no binding, and the gateway doesn’t serve it', async () => {
  const owner = await fixture.person('unproved')
  const name = uniqueName('unproved')
  await createSpace(fixture.as(owner, { clusters: unfenced }), { ...plain, name })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ failure: { code: 'fences_missing' } })
  expect(await bound(name)).toEqual([])
  expect(await served(owner)).toEqual([])

  await retrySpace(fixture.as(owner), { space: { name } })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready', failure: null })
  expect(await bound(name)).toEqual([`spaceport:admin ${owner.handle}`])
  expect(await served(owner)).toEqual([`${name} admin`])
})

describe('a quota that the cluster hasn’t counted', () => {
  let uncounted: Awaited<ReturnType<typeof startApiServerProxy>>
  beforeAll(async () => {
    const nothing = JSON.stringify({ kind: 'ResourceQuotaList', apiVersion: 'v1', metadata: {}, items: [] })
    uncounted = await startApiServerProxy(inject('kubeBroker'), {
      instead: ({ method, url = '' }, response) => {
        if (method !== 'GET' || !url.includes('/resourcequotas')) return false
        response.writeHead(200, { 'content-type': 'application/json' }).end(nothing)
        return true
      },
    })
  })
  afterAll(() => uncounted?.close())
  const meanwhile = (owner: Actor) => fixture.as(owner, { clusters: uncounted.clusters, effectiveWithinMs: 2_000 })
  const failed = { failure: { code: 'limits_not_effective' } }
  const ready = { status: 'ready', failure: null }
  /** On a machine that stalls, the access may not be effective in time either, which is reported first. */
  const untilFailed = (owner: Actor, name: string) =>
    vi.waitFor(async () => {
      const { failure } = await readSpace(fixture.as(owner), { name })
      if (failure?.code === 'access_not_effective') await retrySpace(meanwhile(owner), { space: { name } })
      expect(await readSpace(fixture.as(owner), { name })).toMatchObject(failed)
    }, 60_000)

  test('blocks access to a new space, and to one on a cluster that is being rebuilt', async () => {
    const owner = await fixture.person('uncounted')
    const name = uniqueName('uncounted')
    await createSpace(meanwhile(owner), { ...plain, name })
    await untilFailed(owner, name)
    expect(await served(owner)).toEqual([])
    await retrySpace(fixture.as(owner), { space: { name } })
    expect(await readSpace(fixture.as(owner), { name })).toMatchObject(ready)
    expect(await served(owner)).toEqual([`${name} admin`])

    // As after the first try on a rebuilt cluster (forget-lost-cluster.ts).
    await fixture.owner.query('UPDATE space SET first_ready_at = NULL WHERE name = $1', [name])
    await retrySpace(meanwhile(owner), { space: { name } })
    await untilFailed(owner, name)
    expect(await served(owner)).toEqual([])
  })

  test('blocks access to a recreated namespace, which the next try recognizes', async () => {
    const owner = await fixture.person('again')
    const name = uniqueName('again')
    await createSpace(fixture.as(owner), { ...plain, name })
    await kubectl('delete', 'namespace', name)
    for (let tries = 0; tries < 2; tries++) {
      await retrySpace(meanwhile(owner), { space: { name } })
      await untilFailed(owner, name)
      expect(await bound(name)).toEqual([])
    }
    await retrySpace(fixture.as(owner), { space: { name } })
    expect(await readSpace(fixture.as(owner), { name })).toMatchObject(ready)
    expect(await bound(name)).toEqual([`spaceport:admin ${owner.handle}`])
  })
})

test('a space that was ready once stays served while a change to it fails', async () => {
  const owner = await fixture.person('once')
  const name = uniqueName('once')
  await createSpace(fixture.as(owner), { ...plain, name })
  await retrySpace(fixture.as(owner, { clusters: unfenced }), { space: { name } })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ failure: { code: 'fences_missing' } })
  expect(await served(owner)).toEqual([`${name} admin`])
})

test('without proved fences, no one is bound, but people who lost access are removed', async () => {
  const people = ['keeper', 'departing', 'lowered', 'comer'].map((readable) => fixture.person(readable))
  const [owner, departingUser, lowered, comer] = (await Promise.all(people)) as [Actor, Actor, Actor, Actor]
  const name = uniqueName('taken')
  const space = { name }
  await createSpace(fixture.as(owner), { ...plain, name })
  for (const { handle } of [departingUser, lowered])
    await addGrant(fixture.as(owner), { space, principal: handle, role: 'editor', endsAt: null })
  expect(await bound(name)).toEqual([
    `spaceport:admin ${owner.handle}`,
    `spaceport:editor ${[departingUser.handle, lowered.handle].sort().join()}`,
  ])
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantOf = ({ handle }: Actor) =>
    grants.find(({ principal }) => principal.kind === 'user' && principal.handle === handle)?.id ?? ''
  const ctx = () => fixture.as(owner, { clusters: unfenced })

  await addGrant(ctx(), { space, principal: comer.handle, role: 'viewer', endsAt: null })
  await removeGrant(ctx(), { space, grantId: grantOf(departingUser) })
  expect(await bound(name)).toEqual([`spaceport:admin ${owner.handle}`, `spaceport:editor ${lowered.handle}`])
  await changeGrant(ctx(), { space, grantId: grantOf(lowered), role: 'viewer' })
  expect(await bound(name)).toEqual([`spaceport:admin ${owner.handle}`])

  await retrySpace(fixture.as(owner), { space })
  expect(await bound(name)).toEqual([
    `spaceport:admin ${owner.handle}`,
    `spaceport:viewer ${[comer.handle, lowered.handle].sort().join()}`,
  ])
})
