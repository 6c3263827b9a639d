import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startBreakableProxy } from '#dev/testing/network/breakable-proxy.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { writeMissingOutcomes } from '#lib/features/audit/use-cases/write-missing-outcomes.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { recorded } from './recorded.ts'

let proxy: Awaited<ReturnType<typeof startBreakableProxy>>
/** The portal, over a failing network; `truth` sees the same database over a working one. */
let portal: BrokerFixture
let truth: BrokerFixture
let owner: Actor
let friend: Actor
let name: string
beforeAll(async () => {
  const own = await ownDatabase()
  const direct = new URL(own.databaseUrls.web)
  proxy = await startBreakableProxy({ host: direct.hostname, port: Number(direct.port) })
  const web = Object.assign(new URL(direct), { hostname: '127.0.0.1', port: String(proxy.port) }).href
  portal = await openBrokerFixture({ database: { ...own, databaseUrls: { ...own.databaseUrls, web } } })
  truth = await openBrokerFixture()
  ;[owner, friend] = await Promise.all([truth.person('owner'), truth.person('friend')])
  name = uniqueName('lost')
  await createSpace(truth.as(owner), { name, description: '', size: 'S', endsAt: null })
})
afterEach(() => proxy.mend())
afterAll(async () => {
  await Promise.all([portal.close(), truth.close()])
  await proxy.close()
})

const spaceId = async () => (await truth.owner.query('SELECT id FROM space WHERE name = $1', [name])).rows[0]?.id
const rowsOf = async (action: string) =>
  (await truth.trailOf(await spaceId()))
    .filter((row) => row.action === action)
    .map(({ outcome, reason }) => ({ outcome, reason }))
const grant = (role: 'viewer' | 'editor', principal = friend.handle) => ({
  space: { name },
  principal,
  role,
  endsAt: null,
})

test('a change with a lost commit answer is reported as done, once, in the trail too', async () => {
  proxy.loseAnswerTo('COMMIT')
  await addGrant(portal.as(owner), grant('viewer'))
  expect(await rowsOf('grant.add')).toEqual([{ outcome: 'ok', reason: null }])

  proxy.loseAnswerTo('COMMIT')
  const { kubeconfig } = await createCredential(portal.as(owner), { space: { name } })
  expect(kubeconfig).toContain('spt_')
  expect(await rowsOf('credential.create')).toEqual([{ outcome: 'ok', reason: null }])
})

test('if the outcome is unknown, the answer doesn’t say that nothing was done; the trail is completed later', async () => {
  const other = await truth.person('other')
  proxy.loseAnswerTo('COMMIT', { thenBreak: true })
  await expect(addGrant(portal.as(owner), grant('editor', other.handle))).rejects.toMatchObject({
    code: 'outcome_unknown',
    sentence: expect.not.stringContaining('nothing was done'),
  })
  proxy.mend()
  const before = await rowsOf('grant.add')
  expect(before.at(-1)).toEqual({ outcome: null, reason: null })
  // A process that is still trying writes its outcome itself.
  await writeMissingOutcomes(truth.system())
  expect(await rowsOf('grant.add')).toEqual(before)
  await writeMissingOutcomes(truth.system({ clock: () => new Date(Date.now() + 16 * 60_000) }))
  expect((await rowsOf('grant.add')).at(-1)).toEqual({ outcome: 'ok', reason: 'settled_later' })
})

test('if the database is lost after the change, the answer doesn’t say that nothing was done', async () => {
  const lostAfterwards = recorded(portal.as(owner), 'grant.add', { spaceId: await spaceId() }, async (record) => {
    await record.commit(async () => {})
    proxy.break()
    await portal.services.pool.query('SELECT 1')
  })
  await expect(lostAfterwards).rejects.toMatchObject({ code: 'outcome_unknown' })
  expect((await rowsOf('grant.add')).at(-1)).toEqual({ outcome: null, reason: null })
  await writeMissingOutcomes(truth.system({ clock: () => new Date(Date.now() + 16 * 60_000) }))
  expect((await rowsOf('grant.add')).at(-1)).toEqual({ outcome: 'ok', reason: 'settled_later' })
})

test('a change cut off before its commit is reported as not done', async () => {
  const nobody = await truth.person('nobody')
  proxy.loseAnswerTo('INSERT INTO "public"."space_grant"')
  await expect(addGrant(portal.as(owner), grant('viewer', nobody.handle))).rejects.toMatchObject({
    code: 'database_unavailable',
  })
  expect(await truth.services.db.grant.count({ where: { userId: nobody.userId } })).toBe(0)
  expect((await rowsOf('grant.add')).at(-1)).toEqual({ outcome: 'failed', reason: 'database_unavailable' })
})

test('an outcome that can’t be written immediately is written soon, and only once if its answer was lost', async () => {
  const late = await truth.person('late')
  const notifyAgain = await keepFromTrail(
    truth.owner,
    uniqueName('no-outcome'),
    `NEW.intent_id IS NOT NULL AND NEW.actor_id = '${late.userId}'`,
  )
  const own = uniqueName('late')
  const creating = createSpace(portal.as(late), { name: own, description: '', size: 'S', endsAt: null })
  await expect.poll(() => truth.services.db.space.count({ where: { name: own } })).toBe(1)
  await notifyAgain()
  const { space } = await creating
  const outcomes = async () =>
    (
      await truth.owner.query('SELECT outcome FROM audit_event WHERE intent_id IS NOT NULL AND actor_id = $1', [
        late.userId,
      ])
    ).rows
  expect(await outcomes()).toEqual([{ outcome: 'ok' }])

  proxy.loseAnswerTo('insert-audit-events')
  await deleteSpace(portal.as(late), { space: { name: space.name }, confirmation: own })
  expect(await outcomes()).toEqual([{ outcome: 'ok' }, { outcome: 'ok' }])
})
