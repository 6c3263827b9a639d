import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { type Followed, followNotifications } from '#dev/testing/follow-notifications.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { markAllRead } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

let web: WebFixture
beforeAll(async () => {
  web = await openWebFixture()
  // The process listens only from its first stream on, and anything may have changed before.
  const { person, cookie } = await createPerson('first')
  const stream = await followNotifications(web, person, cookie)
  const another = async () => {
    await notify(person)
    expect(stream.told.length).toBeGreaterThan(1)
  }
  await vi.waitFor(another, { timeout: 60_000, interval: 500 })
  await stream.stop()
}, 300_000)
afterAll(() => web?.close())

type Options = Parameters<WebFixture['broker']['person']>[1]
const createPerson = async (name: string, options?: Options) => {
  const person = await web.broker.person(name, options)
  return { person, cookie: await web.signIn(person) }
}
const follow = async ({ person, cookie }: { person: Actor; cookie: string }) => {
  const followed = await followNotifications(web, person, cookie)
  expect(followed.status).toBe(200)
  await expect.poll(() => followed.told.length, { timeout: 20_000 }).toBeGreaterThan(0)
  return followed
}
const topicsOf = ({ told }: Followed, from = 0) => new Set(told.slice(from).flatMap(({ topics }) => topics))
const sentencesOf = ({ told }: Followed) => told.flatMap(({ events }) => events.map(({ sentence }) => sentence))
const soon = { timeout: 20_000 }
const draft = { description: '', size: 'S' as const, endsAt: null }

async function makeSpace(owner: Actor) {
  const space = { name: uniqueName('told') }
  await createSpace(web.broker.as(owner), { ...space, ...draft })
  return space
}
/** An event for the recipient; when it arrives, all earlier ones have arrived. */
const notify = (to: Actor) =>
  web.broker.owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at)
     VALUES (gen_random_uuid(), $1, 'webhook-off', jsonb_build_object('host', $2::text), now())`,
    [to.userId, uniqueName('host')],
  )
const query = (sql: string, ...values: unknown[]) => web.broker.owner.query(sql, values)

test('a stranger, another site and another person’s page get no stream', async () => {
  const [one, other] = [await createPerson('one'), await createPerson('other')]
  const path = (handle: string, more = '') => `/api/me/live?person=${handle}&after=${Date.now()}${more}`
  expect((await web.get(path(one.person.handle))).status).toBe(401)
  expect((await web.get(path(other.person.handle), { cookie: one.cookie })).status).toBe(401)
  const foreign = { cookie: one.cookie, 'sec-fetch-site': 'cross-site' }
  expect((await web.get(path(one.person.handle), foreign)).status).toBe(403)
  const elsewhere = { cookie: one.cookie, origin: 'https://elsewhere.example' }
  expect((await web.get(path(one.person.handle), elsewhere)).status).toBe(403)
  expect((await web.get('/api/me/live')).status).toBe(401)
  expect((await web.get('/api/me/live', { cookie: one.cookie })).status).toBe(400)
  expect((await web.get(path(one.person.handle, '&topic=all'), { cookie: one.cookie })).status).toBe(400)
})

test('only the affected person gets an event, with its sentence and page', async () => {
  const [owner, member, stranger] = await Promise.all([
    createPerson('owner'),
    createPerson('member'),
    createPerson('stranger'),
  ])
  const space = await makeSpace(owner.person)
  const [theirs, strange] = [await follow(member), await follow(stranger)]
  expect(theirs.told[0]).toMatchObject({ count: 0, events: [] })
  await addGrant(web.broker.as(owner.person), { space, principal: member.person.handle, role: 'viewer' })
  await expect.poll(() => sentencesOf(theirs), soon).toHaveLength(1)
  expect(sentencesOf(theirs)[0]).toContain(`gave you the viewer role in ${space.name}`)
  const withEvents = theirs.told.find(({ events }) => events.length > 0)
  expect(withEvents).toMatchObject({ count: 1, events: [{ path: `/spaces/${space.name}` }] })
  await expect.poll(() => topicsOf(theirs, 1), soon).toEqual(new Set(['inbox', 'spaces']))

  await notify(stranger.person)
  await expect.poll(() => topicsOf(strange, 1), soon).toEqual(new Set(['inbox']))
  expect(strange.told.at(-1)).toMatchObject({ count: 1 })
  expect(sentencesOf(strange).join()).not.toContain(space.name)

  await markAllRead(web.broker.as(member.person), { until: new Date().toISOString() })
  await expect.poll(() => theirs.told.at(-1)?.count, soon).toBe(0)
  await Promise.all([theirs.stop(), strange.stop()])
}, 120_000)

test('only the requester and the deciders see a request change', async () => {
  const [asker, other] = [await createPerson('asker'), await createPerson('other')]
  const admin = await createPerson('padmin', { platformRole: 'admin' })
  const [asks, decides, strange] = [await follow(asker), await follow(admin), await follow(other)]
  const request = { name: uniqueName('wish'), ...draft, size: 'L' as const, reason: 'to test' }
  const { id } = await requestSpace(web.broker.as(asker.person), request)
  await expect.poll(() => topicsOf(decides, 1).has('requests'), soon).toBe(true)
  await expect.poll(() => decides.told.at(-1)?.count, soon).toBe(1)
  await expect.poll(() => topicsOf(asks, 1).has('requests'), soon).toBe(true)
  const { payloadHash } = await readRequest(web.broker.as(admin.person), { id })
  await decideRequest(web.broker.as(admin.person), { id, payloadHash, decision: 'deny', reason: 'too large' })
  await expect.poll(() => sentencesOf(asks).join(), soon).toContain('denied your request')
  expect(asks.told.at(-1)?.events[0]?.path ?? asks.told.at(-2)?.events[0]?.path).toBe(`/requests/${id}`)
  await expect.poll(() => decides.told.at(-1)?.count, soon).toBe(0)
  expect(
    sentencesOf(decides).filter((sentence) => sentence.includes('denied')),
    'no notification of one’s own action',
  ).toEqual([])
  await notify(other.person)
  // The event may arrive before its topic, together with something unrelated to this person.
  await expect.poll(() => topicsOf(strange, 1), soon).toEqual(new Set(['inbox']))
  await Promise.all([asks.stop(), decides.stop(), strange.stop()])
}, 120_000)

test('only members’ lists update with the health of a space, and not with each restart', async () => {
  const [owner, stranger] = await Promise.all([createPerson('owner'), createPerson('stranger')])
  const admin = await createPerson('padmin', { platformRole: 'admin' })
  const { name } = await makeSpace(owner.person)
  const [theirs, strange, admins] = [await follow(owner), await follow(stranger), await follow(admin)]
  const problem = (restarts: number) => ({
    ...{ kind: 'crashing', restarts },
    workload: { kind: 'Pod', name: 'falls' },
  })
  const updated = async (change: string, ...values: unknown[]) => {
    const before = theirs.told.length
    await query(change, ...values)
    await expect.poll(() => topicsOf(theirs, before), soon).toEqual(new Set(['spaces']))
  }
  const ofSpace = 'WHERE space_id = (SELECT id FROM space WHERE name = $1)'
  await updated(
    `INSERT INTO space_health (space_id, state, workloads, problem) SELECT id, 'failing', 1, $2 FROM space WHERE name = $1`,
    ...[name, problem(1)],
  )
  await updated(`UPDATE space_health SET workloads = 2 ${ofSpace}`, name)
  const before = theirs.told.length
  await query(`UPDATE space_health SET problem = $2 ${ofSpace}`, name, problem(2))
  await notify(owner.person)
  await expect.poll(() => topicsOf(theirs, before), soon).toEqual(new Set(['inbox']))
  await updated(`DELETE FROM space_health ${ofSpace}`, name)
  for (const other of [strange, admins]) {
    const from = other.told.length
    await notify(other === strange ? stranger.person : admin.person)
    await expect.poll(() => topicsOf(other, from).has('inbox'), soon).toBe(true)
    expect(topicsOf(other, 1)).toEqual(new Set(['inbox']))
  }
  await Promise.all([theirs.stop(), strange.stop(), admins.stop()])
}, 120_000)

test('the lists of credentials and spaces update, also through a group, and only for the affected people', async () => {
  const group = uniqueName('group')
  const [owner, member, stranger] = await Promise.all([
    createPerson('owner'),
    createPerson('member', { groups: [group] }),
    createPerson('stranger'),
  ])
  const space = await makeSpace(owner.person)
  const [own, theirs, strange] = [await follow(owner), await follow(member), await follow(stranger)]
  await addGrant(web.broker.as(owner.person), { space, principal: `group:${group}`, role: 'viewer' })
  await expect.poll(() => topicsOf(theirs, 1), soon).toEqual(new Set(['spaces']))
  await createCredentialForAll(web.broker.as(owner.person), {})
  await expect.poll(() => topicsOf(own, 1).has('credentials'), soon).toBe(true)
  const [{ id }] = (await query('SELECT id FROM credential WHERE user_id = $1', owner.person.userId)).rows
  for (const change of [
    () => query('INSERT INTO credential_use (credential_id, last_used_at) VALUES ($1, now())', id),
    () => revokeCredential(web.broker.as(owner.person), { id }),
  ]) {
    const before = own.told.length
    await change()
    await expect.poll(() => topicsOf(own, before).has('credentials'), soon).toBe(true)
  }
  const before = theirs.told.length
  await query(`UPDATE space SET status = 'failed' WHERE name = $1`, space.name)
  await expect.poll(() => topicsOf(theirs, before), soon).toEqual(new Set(['spaces']))
  await notify(stranger.person)
  // The event may arrive before its topic, together with something unrelated to this person.
  await expect.poll(() => topicsOf(strange, 1), soon).toEqual(new Set(['inbox']))
  await Promise.all([own.stop(), theirs.stop(), strange.stop()])
}, 120_000)

test('a stream ends with its session for any reason, and sends nothing afterwards', async () => {
  const ends: Record<string, (person: Actor) => Promise<unknown>> = {
    'signed out': ({ userId }) => query('DELETE FROM session WHERE user_id = $1', userId),
    expired: ({ userId }) => query('UPDATE session SET expires_at = created_at WHERE user_id = $1', userId),
    deactivated: ({ userId }) => query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', userId),
  }
  for (const [how, end] of Object.entries(ends)) {
    const one = await createPerson('departing')
    const stream = await follow(one)
    await end(one.person)
    await notify(one.person)
    await expect.poll(() => stream.isEnded(), soon).toBe(true)
    expect(stream.told, how).toHaveLength(1)
    expect((await followNotifications(web, one.person, one.cookie)).status, how).toBe(401)
  }
}, 120_000)

test('a person who loses the platform role no longer gets events about others’ requests', async () => {
  const [admin, asker] = [await createPerson('padmin', { platformRole: 'admin' }), await createPerson('asker')]
  const stream = await follow(admin)
  await query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, admin.person.userId)
  await expect.poll(() => topicsOf(stream, 1).has('frame'), soon).toBe(true)
  const before = stream.told.length
  await requestSpace(web.broker.as(asker.person), { name: uniqueName('wish'), ...draft, size: 'L', reason: 'to test' })
  await notify(admin.person)
  await expect.poll(() => topicsOf(stream, before), soon).toEqual(new Set(['inbox']))
  expect(stream.told.at(-1)).toMatchObject({ count: 1 })
  await stream.stop()
}, 120_000)

test('one person can have only eight streams in a process', async () => {
  const [one, other] = [await createPerson('greedy'), await createPerson('other')]
  const all = await Promise.all(Array.from({ length: 100 }, () => followNotifications(web, one.person, one.cookie)))
  expect(all.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(8)
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200, 429]))
  await (await follow(other)).stop()
  await Promise.all(all.map(({ stop }) => stop()))
  await expect
    .poll(async () => {
      const again = await followNotifications(web, one.person, one.cookie)
      await again.stop()
      return again.status
    }, soon)
    .toBe(200)
}, 120_000)

test('a burst of changes takes a few messages, and a message a few statements', async () => {
  const one = await createPerson('busy')
  const stream = await follow(one)
  web.takeTraffic()
  for (let count = 0; count < 60; count++) await notify(one.person)
  await expect.poll(() => stream.told.at(-1)?.count, soon).toBe(60)
  const messages = stream.told.length - 1
  const { 'spaceport-web': statements = 0 } = web.takeTraffic().statements
  expect(messages).toBeLessThan(20)
  expect(statements).toBeLessThanOrEqual(2 * (messages + 1))
  await stream.stop()
}, 120_000)

test('events during a lost connection are sent afterwards, once', async () => {
  const one = await createPerson('traveller')
  await makeSpace(one.person)
  const stream = await follow(one)
  await notify(one.person)
  await expect.poll(() => sentencesOf(stream), soon).toHaveLength(1)
  const lastEventId = stream.told.at(-1)?.id ?? ''
  const known = new Set(stream.told.flatMap(({ events }) => events.map(({ id }) => id)))
  await stream.stop()
  await notify(one.person)
  await createCredentialForAll(web.broker.as(one.person), {})
  const again = await followNotifications(web, one.person, one.cookie, { after: 0, lastEventId })
  await expect.poll(() => [...topicsOf(again)], soon).toEqual(expect.arrayContaining(['inbox', 'credentials']))
  const ids = again.told.flatMap(({ events }) => events.map(({ id }) => id))
  expect(new Set(ids).size, 'each once').toBe(ids.length)
  expect(ids.filter((id) => !known.has(id))).toHaveLength(1)
  expect(again.told.at(-1)?.count).toBe(2)
  await again.stop()
}, 120_000)
