import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

const [mine, theirs] = [uniqueName('live'), uniqueName('live')]
const trail = '/api/audit/live'
const activity = `/api/spaces/${mine}/activity/live`

let web: WebFixture
let people: Record<'owner' | 'other' | 'member' | 'auditor', Actor>
let cookies: Record<keyof typeof people, string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  people = {
    owner: await broker.person('owner'),
    other: await broker.person('other'),
    member: await broker.person('member'),
    auditor: await broker.person('auditor', { platformRole: 'auditor' }),
  }
  const draft = { description: '', size: 'S' as const, endsAt: null }
  await createSpace(broker.as(people.owner), { name: mine, ...draft })
  await createSpace(broker.as(people.other), { name: theirs, ...draft })
  await addGrant(broker.as(people.owner), {
    space: { name: mine },
    principal: `user:${people.member.handle}`,
    role: 'viewer',
    endsAt: null,
  })
  cookies = {
    owner: await web.signIn(people.owner),
    other: await web.signIn(people.other),
    member: await web.signIn(people.member),
    auditor: await web.signIn(people.auditor),
  }
  await seal()
}, 300_000)
afterAll(() => web?.close())

const seal = async () => {
  while ((await web.broker.owner.query('SELECT seal_trail(1000) AS rows')).rows[0].rows > 0);
}
/** Makes an event in a space, and seals it. */
async function makeEvent(owner: Actor, name: string): Promise<void> {
  await updateSpace(web.broker.as(owner), { space: { name }, description: uniqueName('word') })
  await seal()
}

/** Reads a stream of events until it ends. */
async function follow(path: string, cookie: string) {
  const answer = await web.get(path, { cookie })
  const received = { status: answer.status, changes: 0, ended: false }
  const reader = answer.body?.getReader()
  const read = async () => {
    for (;;) {
      const next = await reader?.read()
      if (!next || next.done) break
      received.changes += new TextDecoder().decode(next.value).split('event: change').length - 1
    }
    received.ended = true
  }
  void read().catch(() => {})
  return { received, stop: () => reader?.cancel() }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 2_500))

test('only auditors and platform admins can follow the trail, and only members a space’s activity', async () => {
  expect((await web.get(trail)).status).toBe(401)
  expect((await web.get(trail, { cookie: cookies.owner })).status).toBe(403)
  expect((await web.get(activity)).status).toBe(401)
  expect((await web.get(activity, { cookie: cookies.other })).status).toBe(404)
  expect((await web.get(trail, { cookie: cookies.auditor, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})

test('a stream of the trail gets every event, and a stream of a space only its own', async () => {
  await makeEvent(people.owner, mine)
  const all = await follow(trail, cookies.auditor)
  const one = await follow(activity, cookies.member)
  expect([all.received.status, one.received.status]).toEqual([200, 200])
  // The event from just before.
  await expect.poll(() => Math.min(all.received.changes, one.received.changes)).toBeGreaterThan(0)
  await settled()
  const before = { all: all.received.changes, one: one.received.changes }
  await makeEvent(people.other, theirs)
  await expect.poll(() => all.received.changes).toBeGreaterThan(before.all)
  await settled()
  expect(one.received.changes).toBe(before.one)
  await makeEvent(people.owner, mine)
  await expect.poll(() => one.received.changes).toBeGreaterThan(before.one)
  await all.stop()
  await one.stop()
})

test('events between a page and its stream are not lost', async () => {
  await makeEvent(people.owner, mine)
  for (const [path, cookie] of [
    [trail, cookies.auditor],
    [activity, cookies.member],
  ] as const) {
    const late = await follow(path, cookie)
    await expect.poll(() => late.received.changes).toBe(1)
    await late.stop()
  }
})

test('a stream ends when access ends', async () => {
  const all = await follow(trail, cookies.auditor)
  const one = await follow(activity, cookies.member)
  await web.broker.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [
    people.auditor.userId,
  ])
  const { rows } = await web.broker.owner.query(
    `SELECT g.id FROM space_grant g JOIN space s ON s.id = g.space_id WHERE s.name = $1 AND g.user_id = $2 AND g.removed_at IS NULL`,
    [mine, people.member.userId],
  )
  await removeGrant(web.broker.as(people.owner), { space: { name: mine }, grantId: rows[0].id })
  await makeEvent(people.owner, mine)
  await expect.poll(() => [all.received.ended, one.received.ended], { timeout: 20_000 }).toEqual([true, true])
  expect((await web.get(activity, { cookie: cookies.member })).status).toBe(404)
}, 60_000)
