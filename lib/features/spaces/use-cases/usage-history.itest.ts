import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { clockAt, makeOwnedSpace, readSamples, untilSampled } from '#dev/testing/fixtures/usage-scene.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { leaveSpace } from '#lib/features/access/use-cases/leave-space.ts'
import { deleteUsageSamples } from '#lib/kernel/db/spaces/usage-samples.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { instantsOf, outdatedSamples, slotOf } from '#lib/kernel/model/spaces/usage-sample.ts'
import { forgetUsageSamples } from '#lib/kernel/reconcile/forget-usage-samples.ts'
import { refreshUsageInTurn } from '#lib/kernel/reconcile/refresh-usage.ts'
import { readUsageHistory } from './read-usage-history.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

const makeSpace = () => makeOwnedSpace(fixture)
const samplesOf = (id: string) => readSamples(fixture, id)
const sampled = (refresh: ReturnType<typeof refreshUsageInTurn>, id: string, at: Date) =>
  untilSampled(fixture, refresh, id, at)
const addSamples = (id: string, from: Date, to: Date) =>
  fixture.owner.query(
    `INSERT INTO usage_sample (at, space_id, used, hard)
     SELECT at, $1, '{1,2,3,4,5,6}', '{2,13,4,10,20,20}' FROM generate_series($2::timestamptz, $3, '10 minutes') AS at`,
    [id, from, to],
  )

test('a space is sampled every ten minutes, a new one at once, from its quota', async () => {
  const refresh = refreshUsageInTurn()
  const [first, then] = [new Date('2026-11-01T10:03:00Z'), new Date('2026-11-01T10:09:59Z')]
  const old = await makeSpace()
  await sampled(refresh, old.id, first)
  const young = await makeSpace()
  await sampled(refresh, young.id, then)
  expect(await samplesOf(old.id)).toHaveLength(1)
  await sampled(refresh, old.id, new Date('2026-11-01T10:10:00Z'))
  expect((await samplesOf(old.id)).map(({ at }) => at.toISOString())).toEqual([
    '2026-11-01T10:00:00.000Z',
    '2026-11-01T10:10:00.000Z',
  ])
  const [sample] = await samplesOf(young.id)
  // The measured usage comes last, if metrics-server answered in time. Limits have seven digits.
  const used = sample?.used.map((value) => value ?? 0)
  expect(sample && { ...sample, used, hard: sample.hard.map(Math.fround) }).toEqual({
    ...{ at: slotOf(then), used: [0, 0, 0, 0, 0, 0, 0, 0] },
    hard: [2, 13, 4 * 2 ** 30, 13 * 2 ** 30, 20, 20 * 2 ** 30, 2, 4 * 2 ** 30],
  })
})

test('two workers that sample at once write one sample, and neither fails', async () => {
  const { id } = await makeSpace()
  const at = new Date('2026-11-01T12:00:30Z')
  await sampled(refreshUsageInTurn(), id, new Date('2026-11-01T11:50:00Z'))
  const both = [refreshUsageInTurn(), refreshUsageInTurn(), refreshUsageInTurn()]
  await Promise.all(both.map((refresh) => refresh(fixture.system(clockAt(at)), 'default')))
  expect(await samplesOf(id)).toHaveLength(2)
})

test('readings of a deleted space are dropped, even when a new space has its name and namespace', async () => {
  const { owner, id, name } = await makeSpace()
  const now = fixture.services.clock()
  await sampled(refreshUsageInTurn(), id, now)
  const later = randomUUID()
  // The quota on the cluster is still the former space’s.
  await fixture.owner.query(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE id = $1`, [id])
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
     SELECT $2, cluster_id, name, namespace, 'other', size, owner_id, 'ready' FROM space WHERE id = $1`,
    [id, later],
  )
  await refreshUsageInTurn()(fixture.system(clockAt(new Date(now.getTime() + 600_000))), 'default')
  expect(await samplesOf(later)).toEqual([])
  expect(await samplesOf(id)).toHaveLength(1)
  const { rows } = await fixture.owner.query('SELECT usage FROM space_usage WHERE space_id = $1', [later])
  expect(rows).toEqual([])
  const history = await readUsageHistory(fixture.as(owner), { space: { name }, range: 'day' })
  expect(history.resources, 'the later space doesn’t have the former’s samples').toEqual([])
})

test('members read a day and a week; former members, strangers and invalid ranges get nothing', async () => {
  const [viewer, stranger] = [await fixture.person('viewer'), await fixture.person('stranger')]
  const admin = await fixture.person('admin', { platformRole: 'admin' })
  const { owner, id, name } = await makeSpace()
  const space = { name }
  await addGrant(fixture.as(owner), { space, principal: `user:${viewer.handle}`, role: 'viewer', endsAt: null })
  const now = fixture.services.clock()
  await addSamples(id, new Date(slotOf(now).getTime() - 8 * dayMs), slotOf(now))
  const read = (who: Actor, range: 'day' | 'week', key: { name: string } = space) =>
    readUsageHistory(fixture.as(who, clockAt(now)), { space: key, range })

  for (const range of ['day', 'week'] as const) {
    const { at, resources } = await read(viewer, range)
    expect(at).toEqual(instantsOf(range, now).map((instant) => instant.getTime() / 1_000))
    expect(resources).toHaveLength(6)
    for (const { used } of resources) expect(used).not.toContain(null)
  }
  expect((await read(viewer, 'day')).resources[1]).toMatchObject({ resource: 'limits.cpu' })

  await leaveSpace(fixture.as(viewer), { space })
  const failure = async (reading: Promise<unknown>) => {
    const error = await reading.catch((reason: unknown) => reason)
    return error instanceof Error ? { ...error, message: error.message } : 'no failure'
  }
  const nowhere = await failure(read(stranger, 'day', { name: uniqueName('nowhere') }))
  expect(nowhere).toMatchObject({ code: 'not_found' })
  for (const who of [viewer, stranger]) expect(await failure(read(who, 'day'))).toEqual(nowhere)
  expect(await failure(read(admin, 'day'))).toMatchObject({ code: 'forbidden' })
  for (const range of ['year', '', '10000', ['day', 'week']])
    expect(await failure(read(owner, range as 'day'))).toMatchObject({ code: 'bad_input' })
})

test('old samples are deleted in bounded batches, and everything that is shown stays', async () => {
  const { id } = await makeSpace()
  // Long before other tests' samples, which must not be deleted here.
  const now = new Date('2026-06-15T12:34:00Z')
  await addSamples(id, new Date(slotOf(now).getTime() - 9 * dayMs), slotOf(now))
  const count = async () => (await samplesOf(id)).length
  const before = await count()
  expect(await deleteUsageSamples(fixture.system().pool, outdatedSamples(now), 7)).toBe(14)
  expect(await count()).toBe(before - 14)
  // Two workers at once.
  await Promise.all([1, 2].map(() => forgetUsageSamples(fixture.system(clockAt(now)))))
  const left = (await samplesOf(id)).map(({ at }) => at.getTime())
  for (const range of ['day', 'week'] as const)
    expect(left).toEqual(expect.arrayContaining(instantsOf(range, now).map((at) => at.getTime())))
  const shown = new Set([...instantsOf('day', now), ...instantsOf('week', now)].map((at) => at.getTime()))
  expect(left.length - shown.size, 'at most two hours more than is shown').toBeLessThanOrEqual(12)
})
