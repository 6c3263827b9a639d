import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import {
  type ReceivedMessage,
  type ReceiverAnswer,
  startWebhookReceiver,
} from '#dev/testing/network/webhook-receiver.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { openWebhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import { changeWebhook } from './change-webhook.ts'
import { createDeliverer } from './deliver-webhooks.ts'
import { listInbox } from './list-inbox.ts'
import { readWebhook } from './read-webhook.ts'
import { removeWebhook } from './remove-webhook.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { setUpWebhook } from './set-up-webhook.ts'
import { testWebhook } from './test-webhook.ts'

const request = '11111111-1111-4111-8111-111111111111'
let fixture: BrokerFixture
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>
let answers: Record<string, ReceiverAnswer>
let now: Date

beforeAll(async () => {
  fixture = await openBrokerFixture()
  receiver = await startWebhookReceiver((path) => answers[path] ?? { status: 204 })
})
afterAll(async () => {
  receiver.stop()
  await fixture.close()
})
beforeEach(async () => {
  answers = {}
  now = new Date()
  receiver.received.splice(0)
  await fixture.owner.query(`UPDATE webhook_delivery SET state = 'skipped' WHERE state = 'waiting'`)
})

const pass = (ms: number) => {
  now = new Date(now.getTime() + ms)
}
const worker = () => fixture.system({ clock: () => now })

/**
 * One run of a worker.
 * @returns how many deliveries it began
 */
async function deliver(deliverer = createDeliverer()) {
  const begun = await deliverer.start(worker())
  await deliverer.settled()
  return begun
}

let count = 0
const uniquePath = () => `/hooks/${++count}?token=t0ken`

async function withWebhook(person: Actor, more: { format?: 'spaceport' | 'slack' | 'teams'; choices?: object } = {}) {
  const path = uniquePath()
  const input = {
    url: receiver.url + path,
    format: more.format ?? 'spaceport',
    choices: { ...sentByDefault, ...more.choices },
  }
  const { secret } = await setUpWebhook(fixture.as(person), input)
  return { path, secret }
}

const asks = (name = 'Erin'): InboxEvent => ({
  kind: 'request-waiting',
  request,
  asked: { kind: 'role', space: { name: 'shop', cluster: 'default' }, role: 'viewer', minutes: 60, startsAt: null },
  by: { name, handle: 'erin-1a2b3c' },
  reason: 'to look',
})
const ended: InboxEvent = { kind: 'sessions-ended', by: null, credentials: 1 }

const notify = ({ userId }: Actor, event: InboxEvent = asks()) =>
  inTransaction(fixture.services.db, (tx) => insertInboxEvents(tx, [{ to: userId, event, spaceId: null }], now))

async function deliveriesTo({ userId }: Actor) {
  const { rows } = await fixture.owner.query(
    `SELECT d.state::text, d.attempts, d.last_error, d.next_attempt_at, e.id AS event FROM webhook_delivery d
     JOIN inbox_event e ON e.id = d.event_id WHERE e.user_id = $1 ORDER BY e.created_at`,
    [userId],
  )
  return rows
}

/** Verifies as a receiver would: Standard Webhooks 1.0.0. */
const signatureOf = ({ headers, body }: ReceivedMessage, secret: string) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`

test('an event reaches its person’s webhook once, signed, with any number of workers', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => fixture.person('hooked')))
  const hooks = await Promise.all(people.map((person) => withWebhook(person)))
  for (const person of people) await notify(person)
  const begun = await Promise.all([deliver(), deliver(), deliver()])
  expect(begun.reduce((sum, one) => sum + one)).toBe(8)
  for (const [index, person] of people.entries()) {
    const { path = '', secret = '' } = hooks[index] ?? {}
    const [message, ...more] = receiver.at(path)
    if (!message) throw new Error('nothing arrived')
    expect(more).toEqual([])
    const [{ event, state }] = await deliveriesTo(person)
    expect(state).toBe('sent')
    expect(message.headers['webhook-id']).toBe(event)
    expect(message.headers['webhook-signature']).toBe(signatureOf(message, secret))
    expect(JSON.parse(message.body)).toEqual({
      id: event,
      type: 'inbox.request-waiting',
      timestamp: expect.any(String),
      data: {
        sentence: 'Erin (erin-1a2b3c) asks for the viewer role in shop for 1 hour.',
        reason: 'to look',
        link: `https://spaceport.test/requests/${request}`,
      },
    })
  }
})

test('people get the events and format they chose, and other people’s webhooks get nothing', async () => {
  const [chooser, other] = await Promise.all([fixture.person('chooser'), fixture.person('other')])
  const { path } = await withWebhook(chooser, { format: 'slack', choices: { waiting: false, access: true } })
  await withWebhook(other)
  await notify(chooser)
  await notify(chooser, ended)
  await deliver()
  expect(receiver.received.map((message) => message.path)).toEqual([path])
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ text: expect.stringContaining('signed out') })
  await changeWebhook(fixture.as(chooser), { url: '', format: 'teams', choices: sentByDefault })
  await notify(chooser)
  await deliver()
  expect(JSON.parse(receiver.at(path)[1]?.body ?? '')).toMatchObject({ type: 'message' })
})

test('a failed message is retried with growing delays for a day, with the same id and a new signature', async () => {
  const person = await fixture.person('patient')
  const { path, secret } = await withWebhook(person)
  answers[path] = { status: 503 }
  await notify(person)
  await deliver()
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'waiting', attempts: 1, last_error: 'HTTP 503' }])
  expect(await deliver(), 'not before its time').toBe(0)
  pass(61_000)
  await deliver()
  pass(61_000)
  expect(await deliver(), 'twice as long').toBe(0)
  pass(60_000)
  answers[path] = { status: 200 }
  await deliver()
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'sent', attempts: 3, last_error: null }])
  const messages = receiver.at(path)
  expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(messages.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3)
  for (const message of messages) expect(message.headers['webhook-signature']).toBe(signatureOf(message, secret))
})

test('a message is dropped after a day without the receiver, and its person sees that', async () => {
  const person = await fixture.person('away')
  const { path } = await withWebhook(person)
  answers[path] = { status: 500 }
  await notify(person)
  await deliver()
  pass(dayMs)
  await deliver()
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'given_up', attempts: 2 }])
  expect(await readWebhook(fixture.as(person))).toMatchObject({ gaveUpAt: now })
})

test('a Retry-After of up to an hour is respected', async () => {
  const [some, much] = await Promise.all([fixture.person('some'), fixture.person('much')])
  answers[(await withWebhook(some)).path] = { status: 429, headers: { 'retry-after': '600' } }
  answers[(await withWebhook(much)).path] = { status: 503, headers: { 'retry-after': '999999' } }
  await Promise.all([notify(some), notify(much)])
  await deliver()
  const waits = async (person: Actor) => ((await deliveriesTo(person))[0].next_attempt_at - now.getTime()) / 60_000
  expect(await waits(some)).toBe(10)
  expect(await waits(much)).toBe(60)
})

test.each([301, 400, 401, 404, 422])('after HTTP %d a message is dropped immediately', async (status) => {
  const person = await fixture.person('refused')
  answers[(await withWebhook(person)).path] = { status, headers: { location: `${receiver.url}/elsewhere` } }
  await notify(person)
  await deliver()
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'given_up', attempts: 1, last_error: `HTTP ${status}` }])
  expect(receiver.at('/elsewhere')).toEqual([])
})

test('HTTP 410 turns the webhook off and notifies the person, until they save it again', async () => {
  const person = await fixture.person('gone')
  const { path } = await withWebhook(person)
  answers[path] = { status: 410 }
  for (const event of [asks('Erin'), asks('Bob')]) await notify(person, event)
  await Promise.all([deliver(), deliver()])
  await deliver()
  await notify(person)
  await deliver()
  expect(receiver.at(path).length, 'two workers may have had one each').toBeLessThanOrEqual(2)
  const { rows } = await listInbox(fixture.as(person), {})
  expect(rows.filter(({ event }) => event.kind === 'webhook-off')).toMatchObject([
    { unread: true, event: { kind: 'webhook-off', host: receiver.host } },
  ])
  expect(await readWebhook(fixture.as(person))).toMatchObject({ offAt: now })
  const { rows: trail } = await fixture.owner.query(
    `SELECT target_name, actor_kind, outcome::text FROM audit_event WHERE action = 'webhook.turn-off' AND target_id = $1`,
    [person.userId],
  )
  expect(trail).toEqual([{ target_name: receiver.host, actor_kind: 'system', outcome: 'ok' }])
  answers = {}
  const before = receiver.at(path).length
  await changeWebhook(fixture.as(person), { url: '', format: 'spaceport', choices: sentByDefault })
  await notify(person)
  await deliver()
  expect(receiver.at(path)).toHaveLength(before + 1)
})

test('a slow receiver delays no one else, and gets one message at a time', async () => {
  const [slow, quick] = await Promise.all([fixture.person('slow'), fixture.person('quick')])
  const { path: slowPath } = await withWebhook(slow)
  const { path: quickPath } = await withWebhook(quick)
  answers[slowPath] = { status: 204, afterMs: 9_000 }
  for (let n = 0; n < 60; n++) await notify(slow)
  await notify(quick)
  const deliverer = createDeliverer()
  await deliverer.start(worker())
  await expect.poll(() => receiver.at(quickPath).length).toBe(1)
  await notify(quick)
  // The next one is sent once the last one's outcome is saved.
  const next = async () => {
    await deliverer.start(worker())
    return receiver.at(quickPath).length
  }
  await expect.poll(next).toBe(2)
  const before = receiver.received.slice(
    0,
    receiver.received.findLastIndex(({ path }) => path === quickPath),
  )
  expect(before.filter(({ path }) => path === slowPath)).toHaveLength(1)
  await deliverer.settled()
})

test('another worker delivers the message of a crashed one, with the same id', async () => {
  const person = await fixture.person('twice')
  const { path } = await withWebhook(person)
  await notify(person)
  const dying = { ...fixture.system(), clock: () => now }
  const { webhooks } = dying
  if (!webhooks) throw new Error('no webhooks')
  await createDeliverer().start({ ...dying, webhooks: { ...webhooks, send: () => new Promise(() => {}) } })
  expect(await deliver()).toBe(0)
  pass(3 * 60_000)
  expect(await deliver()).toBe(1)
  expect(receiver.at(path)).toHaveLength(1)
})

test.each([
  [
    'is deactivated',
    (person: Actor) =>
      fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [person.userId]),
  ],
  ['removes the webhook', (person: Actor) => removeWebhook(fixture.as(person))],
])('queued messages of a person who %s are not sent', async (_what, change) => {
  const person = await fixture.person('departing')
  const { path } = await withWebhook(person)
  await notify(person)
  await change(person)
  await deliver()
  expect(receiver.at(path)).toEqual([])
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'skipped' }])
})

test('an alarm reaches an admin whom the intruder deactivates', async () => {
  const person = await fixture.person('admin')
  const { path } = await withWebhook(person)
  const by = { name: 'Break-glass account', handle: 'sealed-1a2b3c' }
  await notify(person, { kind: 'break-glass-account-used', by, from: null, endsAt: now.toISOString() })
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [person.userId])
  await deliver()
  expect(receiver.at(path)).toHaveLength(1)
})

test('an offboarded person who returns has no webhook', async () => {
  const admin = fixture.as(await fixture.person('admin', { platformRole: 'admin' }))
  const departingUser = await fixture.person('departing')
  const { path } = await withWebhook(departingUser)
  const { userId: id, handle } = departingUser
  await offboardPerson(admin, { id, reason: 'left the company', confirmation: handle, rest: null })
  await reactivatePerson(admin, { id, reason: 'they are back' })
  await notify(departingUser)
  await deliver()
  expect(receiver.at(path)).toEqual([])
  expect(await readWebhook(fixture.as(departingUser))).toBe('none')
  const { rows } = await fixture.owner.query(
    `SELECT target_name, detail FROM audit_event WHERE action = 'webhook.remove' AND target_id = $1`,
    [id],
  )
  expect(rows).toEqual([{ target_name: receiver.host, detail: { offboarded: handle } }])
})

test('without webhooks configured no messages are queued, and none can be set up', async () => {
  const person = await fixture.person('none')
  await withWebhook(person)
  await notify(person)
  expect(await createDeliverer().start({ ...worker(), webhooks: null })).toBe(1)
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'skipped' }])
  const off = fixture.as(await fixture.person('late'), { webhooks: null })
  expect(await readWebhook(off)).toBe('unavailable')
  await expect(setUpWebhook(off, { url: receiver.url, format: 'slack', choices: sentByDefault })).rejects.toMatchObject(
    {
      code: 'webhooks_unavailable',
    },
  )
})

test('a new secret signs from the next message on', async () => {
  const person = await fixture.person('rotated')
  const { path, secret } = await withWebhook(person)
  const { secret: fresh } = await rotateWebhookSecret(fixture.as(person))
  expect(fresh).not.toBe(secret)
  await notify(person)
  await deliver()
  const [message] = receiver.at(path)
  if (!message) throw new Error('nothing arrived')
  expect(message.headers['webhook-signature']).toBe(signatureOf(message, fresh))
})

test('after the configured secret is replaced, webhooks can’t be decrypted: the page explains that, and messages wait', async () => {
  const person = await fixture.person('break-glass')
  const { path } = await withWebhook(person)
  await notify(person)
  const webhooks = openWebhooks({ secret: 'x'.repeat(32), allowedHosts: ['localhost'], deniedCidrs: [] })
  await expect(testWebhook(fixture.as(person, { webhooks }))).rejects.toMatchObject({ code: 'webhook_unreadable' })
  const deliverer = createDeliverer()
  await deliverer.start({ ...worker(), webhooks })
  await deliverer.settled()
  expect(await deliveriesTo(person)).toMatchObject([{ state: 'waiting', attempts: 1 }])
  pass(61_000)
  await deliver()
  expect(receiver.at(path)).toHaveLength(1)
})

test('a test reports its outcome, ten times in ten minutes', async () => {
  const person = await fixture.person('tester')
  const { path, secret } = await withWebhook(person)
  expect(await testWebhook(fixture.as(person))).toEqual({
    arrived: true,
    sentence: `${receiver.host} accepted the message.`,
  })
  const [message] = receiver.at(path)
  if (!message) throw new Error('nothing arrived')
  expect(message.headers['webhook-signature']).toBe(signatureOf(message, secret))
  expect(JSON.parse(message.body)).toMatchObject({
    type: 'webhook.test',
    data: { link: 'https://spaceport.test/inbox/settings' },
  })
  answers[path] = { status: 404 }
  const refused = await testWebhook(fixture.as(person))
  expect(refused).toEqual({ arrived: false, sentence: expect.stringContaining('HTTP 404') })
  expect(refused.sentence, 'the receiver’s answer is not shown').not.toContain('not shown')
  for (let times = 2; times < 10; times++) await testWebhook(fixture.as(person))
  await expect(testWebhook(fixture.as(person))).rejects.toMatchObject({ code: 'rate_limited' })
})

test.each([
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://[::ffff:10.0.0.1]/',
  'https://10.0.0.1:5432/',
  'http://93.184.216.34/',
  'https://93.184.216.34:22/',
  'https://nowhere.invalid/',
])('%s can’t be set up, and the error reveals nothing about the network', async (url) => {
  const person = await fixture.person('prober')
  const input = { url: `${url}t0ken`, format: 'slack' as const, choices: sentByDefault }
  const refusal = await setUpWebhook(fixture.as(person), input).catch((error: unknown) => error)
  expect(refusal).toMatchObject({
    code: 'bad_input',
    fields: { url: expect.stringMatching(/^Webhooks must use a public https address on port 443/) },
  })
  await withWebhook(person)
  await expect(changeWebhook(fixture.as(person), input)).rejects.toMatchObject({ code: 'bad_input' })
})

test('DNS lookups are rate limited per person', async () => {
  const person = await fixture.person('scanner')
  const guess = (n: number) =>
    setUpWebhook(fixture.as(person), { url: `https://10.0.0.${n}/`, format: 'slack', choices: sentByDefault })
  for (let n = 0; n < 30; n++) await expect(guess(n)).rejects.toMatchObject({ code: 'bad_input' })
  await expect(guess(31)).rejects.toMatchObject({ code: 'rate_limited' })
})

test('concurrent setups create one webhook, and only its person can use it', async () => {
  const [person, other] = await Promise.all([fixture.person('both'), fixture.person('other')])
  const results = await Promise.allSettled([withWebhook(person), withWebhook(person)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await readWebhook(fixture.as(other))).toBe('none')
  for (const act of [rotateWebhookSecret, removeWebhook, testWebhook])
    await expect(act(fixture.as(other))).rejects.toMatchObject({ code: 'not_found' })
  expect(await readWebhook(fixture.as(person))).toEqual({
    host: receiver.host,
    format: 'spaceport',
    choices: sentByDefault,
    offAt: null,
    gaveUpAt: null,
  })
})

test('neither the database nor the trail holds a URL’s path, its query or a secret', async () => {
  const person = await fixture.person('private')
  const { secret } = await withWebhook(person)
  const { secret: fresh } = await rotateWebhookSecret(fixture.as(person))
  await changeWebhook(fixture.as(person), {
    url: `${receiver.url}/other?token=t0ken`,
    format: 'slack',
    choices: sentByDefault,
  })
  await notify(person)
  await deliver()
  await removeWebhook(fixture.as(person))
  await withWebhook(person)
  const { rows: stored } = await fixture.owner.query('SELECT w::text AS row FROM webhook w WHERE user_id = $1', [
    person.userId,
  ])
  const { rows: trail } = await fixture.owner.query(
    `SELECT e.action, e.target_kind, e.target_name, e::text AS row FROM audit_event e WHERE actor_id = $1 AND intent_id IS NULL ORDER BY seq`,
    [person.userId],
  )
  expect(trail.map(({ action, target_kind, target_name }) => [action, target_kind, target_name])).toEqual(
    ['set-up', 'rotate-secret', 'change', 'remove', 'set-up'].map((act) => [
      `webhook.${act}`,
      'webhook',
      receiver.host,
    ]),
  )
  for (const { row } of [...stored, ...trail])
    for (const text of ['t0ken', '/hooks', '/other', secret, fresh]) expect(row).not.toContain(text)
})

test('another person’s encrypted URL copied into one’s own row cannot be decrypted', async () => {
  const [victim, thief] = await Promise.all([fixture.person('victim'), fixture.person('thief')])
  const { path } = await withWebhook(victim)
  await withWebhook(thief)
  await fixture.owner.query(
    'UPDATE webhook t SET encrypted_url = v.encrypted_url FROM webhook v WHERE t.user_id = $1 AND v.user_id = $2',
    [thief.userId, victim.userId],
  )
  await expect(testWebhook(fixture.as(thief))).rejects.toMatchObject({ code: 'webhook_unreadable' })
  expect(receiver.at(path)).toEqual([])
})
