import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listAllSpaces } from '#lib/features/access/use-cases/list-all-spaces.ts'
import { readOverview } from '#lib/features/overview/use-cases/read-overview.ts'
import { searchPortal } from '#lib/features/search/use-cases/search-portal.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { HealthState } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import { exportSpaces } from './export-spaces.ts'
import { listSpaces } from './list-spaces.ts'
import { readSpace } from './read-space.ts'

let fixture: BrokerFixture
let owner: Actor
let viewer: Actor
let stranger: Actor
let admin: Actor
const named: Record<string, { id: string; name: string }> = {}

const setHealth = (id: string, state: HealthState | 'unknown', workloads = 1) =>
  fixture.owner.query(
    `INSERT INTO space_health (space_id, state, workloads, problem) VALUES ($1, $2, $3, $4)
     ON CONFLICT (space_id) DO UPDATE SET state = excluded.state, workloads = excluded.workloads`,
    [id, state, workloads, { kind: 'crashing', workload: { kind: 'Deployment', name: 'web' }, restarts: 3 }],
  )
const readAt = (ago: string | null, refused = false) =>
  fixture.owner.query(
    `INSERT INTO cluster_reading AS r (cluster_id, health_read_at, health_refused_at)
     SELECT id, now() - $1::interval, CASE WHEN $2 THEN now() END FROM cluster WHERE name = 'default'
     ON CONFLICT (cluster_id) DO UPDATE SET health_read_at = excluded.health_read_at, health_refused_at = excluded.health_refused_at`,
    [ago, refused],
  )
const list = (who: Actor, query: SpaceQuery = {}) => listSpaces(fixture.as(who), query)
const names = async (who: Actor, query: SpaceQuery = {}) => (await list(who, query)).rows.map(({ name }) => name)
const nameOf = (key: string) => named[key]?.name ?? ''

beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  ;[owner, viewer, stranger, admin] = await Promise.all([
    fixture.person('owner'),
    fixture.person('viewer'),
    fixture.person('stranger'),
    fixture.person('admin', { platformRole: 'admin' }),
  ])
  for (const key of ['a-fine', 'b-starting', 'c-failing', 'd-quota', 'e-fine'])
    named[key] = await fixture.offlineSpace(owner, key)
  await setHealth(named['b-starting']?.id ?? '', 'starting')
  await setHealth(named['c-failing']?.id ?? '', 'failing', 4)
  await setHealth(named['d-quota']?.id ?? '', 'quota')
  await readAt('10 seconds')
  const key = { space: { name: nameOf('c-failing') }, principal: viewer.handle, role: 'viewer' as const, endsAt: null }
  await addGrant(fixture.as(owner), key)
})
afterAll(() => fixture.close())

const failing = {
  state: 'failing',
  workloads: 4,
  problem: { kind: 'crashing', workload: { kind: 'Deployment', name: 'web' }, restarts: 3 },
}

test('spaces that need attention come first, and are counted; the order by name is a choice', async () => {
  const order = ['c-failing', 'd-quota', 'b-starting', 'a-fine', 'e-fine'].map(nameOf)
  expect(await names(owner)).toEqual(order)
  expect(await names(owner, { descending: true })).toEqual(order.toReversed())
  expect(await names(owner, { sort: 'name' })).toEqual(order.toSorted())
  expect((await list(owner)).attention).toBe(3)
  expect((await list(owner, { search: nameOf('a-fine') })).attention).toBe(0)
  expect((await list(viewer)).attention).toBe(1)
})

test('spaces that end soon come next, and are counted apart', async () => {
  const id = named['e-fine']?.id
  const overviewOf = async (who: Actor) => (await readOverview(fixture.as(who))).own
  try {
    await fixture.owner.query(`UPDATE space SET ends_at = now() + interval '2 days' WHERE id = $1`, [id])
    expect(await names(owner)).toEqual(['c-failing', 'd-quota', 'b-starting', 'e-fine', 'a-fine'].map(nameOf))
    expect(await list(owner)).toMatchObject({ attention: 3, endingSoon: 1 })
    expect(await list(viewer)).toMatchObject({ attention: 1, endingSoon: 0 })
    expect(await overviewOf(admin)).toEqual({ attention: 0, endingSoon: 0 })
    await fixture.owner.query('UPDATE space SET owner_id = $2 WHERE id = $1', [id, admin.userId])
    expect(await overviewOf(admin)).toEqual({ attention: 0, endingSoon: 1 })
  } finally {
    await fixture.owner.query('UPDATE space SET ends_at = NULL, owner_id = $2 WHERE id = $1', [id, owner.userId])
  }
})

test('spaces are filtered by health', async () => {
  expect(await names(owner, { health: 'failing' })).toEqual([nameOf('c-failing')])
  expect(await names(owner, { health: 'quota' })).toEqual([nameOf('d-quota')])
  expect(await names(owner, { health: 'attention' })).toHaveLength(3)
})

test('a new space that waits for its cluster is still being created; one that was ready has failed', async () => {
  const { id, name } = await fixture.offlineSpace(owner, 'z-waiting')
  const fail = (code: string, wasReady = false) =>
    fixture.owner.query(
      `UPDATE space SET status = 'failed', failure_code = $2, first_ready_at = CASE WHEN $3 THEN now() END WHERE id = $1`,
      [id, code, wasReady],
    )
  const exported = async () => {
    let text = ''
    for await (const piece of await exportSpaces(fixture.as(admin), { search: name })) text += piece
    return text
  }
  const countOf = async (status: 'failed' | 'creating') =>
    (await readOverview(fixture.as(admin))).forAdmins?.spaces.byStatus[status] ?? 0
  try {
    const [failed, creating] = [await countOf('failed'), await countOf('creating')]
    await fail('cluster_unreachable')
    expect(await names(owner, { status: 'failed' })).toEqual([])
    expect(await names(owner, { status: 'creating' })).toEqual([name])
    expect(await names(owner, { health: 'attention' })).not.toContain(name)
    expect((await names(owner)).at(-1)).toBe(name)
    expect([await countOf('failed'), await countOf('creating')]).toEqual([failed, creating + 1])
    expect(await exported()).toContain(',creating,')
    expect((await listAllSpaces(fixture.as(admin), { search: name })).rows).toMatchObject([{ status: 'creating' }])
    for (const [code, wasReady] of [
      ['namespace_taken', false],
      ['cluster_unreachable', true],
    ] as const) {
      await fail(code, wasReady)
      expect(await names(owner, { status: 'failed' }), code).toEqual([name])
      expect(await names(owner, { status: 'creating' }), code).toEqual([])
      expect((await names(owner))[0], code).toBe(name)
      expect([await countOf('failed'), await countOf('creating')], code).toEqual([failed + 1, creating])
      expect(await exported(), code).toContain(',failed,')
    }
  } finally {
    await fixture.owner.query(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE id = $1`, [id])
  }
})

test('only members learn the health of a space: neither strangers nor platform admins do', async () => {
  const space = { name: nameOf('c-failing') }
  expect((await readSpace(fixture.as(owner), space)).health).toEqual(failing)
  expect((await readSpace(fixture.as(viewer), space)).health).toEqual(failing)
  expect((await list(viewer)).rows).toMatchObject([{ health: failing }])
  expect((await list(stranger)).rows).toEqual([])
  expect(await list(admin, { health: 'attention' })).toMatchObject({ rows: [], attention: 0 })
  const seen = (await list(admin, { search: nameOf('c-failing') })).rows
  expect(seen).toMatchObject([{ name: space.name, health: null }])
  expect(await names(admin, { search: '-fine', sort: 'attention' })).toHaveLength(2)
  expect((await readSpace(fixture.as(admin), space)).health).toBeNull()
  const found = async (who: Actor) => (await searchPortal(fixture.as(who), { text: space.name })).spaces
  expect(await found(viewer)).toMatchObject([{ health: failing }])
  expect(await found(admin)).toMatchObject([{ health: null }])
})

test('a platform admin sees the health of spaces of which they are a member', async () => {
  const space = await fixture.offlineSpace(admin, 'own')
  await setHealth(space.id, 'quota')
  expect(await list(admin, { health: 'attention' })).toMatchObject({
    rows: [{ name: space.name, health: { state: 'quota' } }],
  })
})

test('what a cluster hasn’t reported for a minute is unknown; where Spaceport may not read it, nothing is shown', async () => {
  const healths = async () => new Set((await list(owner)).rows.map(({ health }) => health))
  try {
    await readAt('2 minutes')
    expect(await healths()).toEqual(new Set(['outdated']))
    expect(await list(owner), 'and needs no attention').toMatchObject({ attention: 0 })
    expect(await names(owner, { health: 'failing' })).toEqual([])
    expect((await names(owner))[0]).toBe(nameOf('a-fine'))
    expect((await readSpace(fixture.as(owner), { name: nameOf('a-fine') })).health).toBe('outdated')
    expect((await list(admin, { search: nameOf('a-fine') })).rows).toMatchObject([{ health: null }])
    await readAt('2 minutes', true)
    expect((await readSpace(fixture.as(owner), { name: nameOf('a-fine') })).health).toBeNull()
  } finally {
    await readAt('10 seconds')
  }
})

test('a space that can’t be read is unknown, and isn’t counted', async () => {
  const { id = '', name = '' } = named['a-fine'] ?? {}
  try {
    await setHealth(id, 'unknown', 0)
    expect((await readSpace(fixture.as(owner), { name })).health).toBe('outdated')
    expect((await readSpace(fixture.as(admin), { name })).health).toBeNull()
    expect(await list(owner, { health: 'attention' })).toMatchObject({ total: 3 })
  } finally {
    await fixture.owner.query('DELETE FROM space_health WHERE space_id = $1', [id])
  }
})
