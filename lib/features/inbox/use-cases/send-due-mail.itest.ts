import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startMailServer } from '#dev/mail/start-mail-server.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { type Mailer, openMailer } from '#lib/features/inbox/mail/open-mailer.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { forgetDeliveries } from '#lib/worker/db/housekeeping.ts'
import { chooseMail } from './choose-mail.ts'
import { readMailSettings } from './read-mail-settings.ts'
import { sendDueMail } from './send-due-mail.ts'

const portalUrl = 'https://spaceport.test'
const request = '11111111-1111-4111-8111-111111111111'
let fixture: BrokerFixture
let smtpPort: number
let server: Awaited<ReturnType<typeof startMailServer>> | undefined
let mailer: Mailer
/** The test's clock: failed mail is due again later. */
let now: Date

beforeAll(async () => {
  fixture = await openBrokerFixture()
  smtpPort = (await freePorts('smtp')).smtp
  mailer = openMailer({
    url: `smtp://127.0.0.1:${smtpPort}`,
    from: 'Spaceport <spaceport@host.test>',
    host: 'host.test',
  })
})
afterAll(async () => {
  mailer.close()
  await server?.stop()
  await fixture.close()
})
beforeEach(async () => {
  now = new Date()
  await fixture.owner.query('DELETE FROM mail_delivery')
})

type Answer = NonNullable<Parameters<typeof startMailServer>[0]['refuse']>
async function serve(refuse?: Answer) {
  await server?.stop()
  server = await startMailServer({ smtpPort, ...(refuse && { refuse }) })
}
const got = (address: string) => (server?.mails() ?? []).filter(({ to }) => to.includes(address))
const send = (with_: Mailer | null = mailer) => sendDueMail(fixture.system({ clock: () => now }), with_)

const asks = (by: string, reason: string): InboxEvent => ({
  kind: 'request-waiting',
  request,
  asked: { kind: 'role', space: { name: 'shop', cluster: 'default' }, role: 'viewer', minutes: 1_440, startsAt: null },
  by: { name: by, handle: 'erin-1a2b3c' },
  reason,
})

async function notify(to: Actor, event: InboxEvent = asks('Erin', 'to look')) {
  await inTransaction(fixture.services.db, (tx) =>
    insertInboxEvents(tx, [{ event, to: to.userId, spaceId: null }], now),
  )
}

async function deliveryTo({ userId }: Actor) {
  const { rows } = await fixture.owner.query(
    `SELECT d.id, d.state::text, d.attempts, d.last_error, d.next_attempt_at FROM mail_delivery d
     JOIN inbox_event e ON e.id = d.event_id WHERE e.user_id = $1`,
    [userId],
  )
  return rows
}

test('a waiting request is mailed to a person once with any number of workers', async () => {
  await serve()
  const people = await Promise.all(Array.from({ length: 12 }, () => fixture.person('reader')))
  for (const person of people) await notify(person)
  const taken = await Promise.all([send(), send(), send()])
  expect(taken.reduce((sum, count) => sum + count)).toBe(12)
  expect(await send()).toBe(0)
  for (const person of people) {
    const [mail, ...more] = got(person.email)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('Erin (erin-1a2b3c) asks for the viewer role in shop for 1 day.')
    expect(mail?.text).toContain(`${portalUrl}/requests/${request}`)
    expect(mail?.text.match(/https?:/g)).toHaveLength(1)
    const [{ id, state }] = await deliveryTo(person)
    expect({ state, messageId: mail?.messageId }).toEqual({ state: 'sent', messageId: `<${id}@host.test>` })
  }
})

test('mail is retried with the same message id until the server is back', async () => {
  await server?.stop()
  server = undefined
  const person = await fixture.person('patient')
  await notify(person)
  await send()
  const [waiting] = await deliveryTo(person)
  expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, last_error: expect.stringContaining('ECONNREFUSED') })
  await serve()
  expect(await send(), 'not before its time').toBe(0)
  now = new Date(now.getTime() + 61_000)
  await send()
  expect(got(person.email).map(({ messageId }) => messageId)).toEqual([`<${waiting.id}@host.test>`])
  expect(await deliveryTo(person)).toMatchObject([{ state: 'sent', attempts: 2, last_error: null }])
})

test('another worker sends the mail of a crashed one, with the same message id', async () => {
  await serve()
  const person = await fixture.person('twice')
  await notify(person)
  void send({ send: () => new Promise(() => {}), close: () => {} })
  await expect.poll(async () => (await deliveryTo(person))[0].attempts).toBeGreaterThan(0)
  expect(await send()).toBe(0)
  now = new Date(now.getTime() + 20 * 60_000)
  await send()
  expect(got(person.email)).toHaveLength(1)
})

test('a 4xx is retried for a day, a 5xx for the recipient never', async () => {
  const [busy, gone] = await Promise.all([fixture.person('busy'), fixture.person('gone')])
  await serve((address) =>
    address === gone.email ? { status: 550, text: 'no such mailbox' } : { status: 451, text: 'try again\r\nlater' },
  )
  await Promise.all([notify(busy), notify(gone)])
  await send()
  expect(await deliveryTo(gone)).toMatchObject([
    { state: 'given_up', attempts: 1, last_error: expect.stringContaining('550') },
  ])
  expect(await deliveryTo(busy)).toMatchObject([
    { state: 'waiting', attempts: 1, last_error: expect.stringContaining('451') },
  ])
  now = new Date(now.getTime() + dayMs)
  await send()
  expect(await deliveryTo(busy)).toMatchObject([{ state: 'given_up', attempts: 2 }])
  expect(await readMailSettings(fixture.as(busy))).toMatchObject({ gaveUpAt: now, address: busy.email })
  expect((await deliveryTo(busy))[0].last_error).not.toMatch(/[\r\n]/)
})

test('with a wrong password mail waits for the operator, and the password is not stored', async () => {
  await server?.stop()
  server = await startMailServer({ smtpPort, login: { user: 'spaceport', password: 'right' } })
  const person = await fixture.person('locked')
  await notify(person)
  const signedIn = (password: string) =>
    openMailer({ url: `smtp://spaceport:${password}@127.0.0.1:${smtpPort}`, from: 'a@host.test', host: 'host.test' })
  const [wrong, right] = [signedIn('s3cret%2Fwrong'), signedIn('right')]
  await send(wrong)
  const [waiting] = await deliveryTo(person)
  expect(waiting).toMatchObject({ state: 'waiting', last_error: expect.stringContaining('EAUTH') })
  expect(waiting.last_error).not.toContain('s3cret')
  now = new Date(now.getTime() + 61_000)
  await send(right)
  expect(got(person.email)).toHaveLength(1)
  wrong.close()
  right.close()
})

test('mail to another machine is encrypted or not sent', async () => {
  await serve()
  const person = await fixture.person('far')
  await notify(person)
  // The same server under a name that isn't loopback. It offers no STARTTLS.
  const far = openMailer({ url: `smtp://[::ffff:127.0.0.1]:${smtpPort}`, from: 'a@host.test', host: 'host.test' })
  await send(far)
  far.close()
  expect(got(person.email)).toEqual([])
  expect(await deliveryTo(person)).toMatchObject([{ state: 'waiting', last_error: expect.stringContaining('ETLS') }])
})

test.each(['\r\nBcc: eve@evil.test', '\nSubject: other', '\r\n\r\nHTTP', '\r\n.\r\nMAIL FROM:<eve@evil.test>\r\n'])(
  'a name or reason with %j adds no header, recipient or mail',
  async (evil) => {
    await serve()
    const person = await fixture.person('target')
    await fixture.owner.query('UPDATE user_account SET name = $2 WHERE id = $1', [person.userId, `Tar${evil}get`])
    await notify(person, asks(`Erin${evil}`, `because${evil}`))
    await send()
    expect(server?.mails()).toHaveLength(1)
    const [mail] = got(person.email)
    expect(mail?.to).toEqual([person.email])
    const names = mail?.headers.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort()
    expect(names).toEqual([
      'auto-submitted',
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ])
  },
)

test.each([
  ['unverified', `UPDATE user_account SET email_unverified = true WHERE id = $1`],
  ['without an address', `UPDATE user_account SET email = '' WHERE id = $1`],
  ['deactivated', `UPDATE user_account SET deactivated_at = now() WHERE id = $1`],
  ['with an address that names two', `UPDATE user_account SET email = 'a@host.test, b@host.test' WHERE id = $1`],
])('a person %s gets no mail, even if that happened while the mail waited', async (_who, change) => {
  await serve()
  const [before, after] = await Promise.all([fixture.person('before'), fixture.person('after')])
  await fixture.owner.query(change, [before.userId])
  await notify(before)
  await notify(after)
  await fixture.owner.query(change, [after.userId])
  await send()
  expect(server?.mails()).toEqual([])
  expect(await deliveryTo(after)).toMatchObject([{ state: 'skipped' }])
})

test('an intruder who takes an admin’s role cannot stop an alarm by deactivating the other admins', async () => {
  await serve()
  const by = { name: 'Break-glass account', handle: 'sealed-1a2b3c' }
  const endsAt = now.toISOString()
  const alarms: InboxEvent[] = [
    { kind: 'break-glass-account-used', by, from: '192.0.2.1', endsAt },
    { kind: 'admin-role-activated', by, reason: 'to clean up', endsAt },
    { kind: 'admins-lost', people: [by], count: 1, left: 1 },
  ]
  for (const alarm of alarms) {
    const [notified, gone] = await Promise.all([fixture.person('notified'), fixture.person('gone')])
    const deactivate = ({ userId }: Actor) =>
      fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [userId])
    await deactivate(gone)
    for (const person of [notified, gone]) await notify(person, alarm)
    await deactivate(notified)
    await send()
    expect(got(notified.email)).toHaveLength(1)
    expect(got(gone.email)).toEqual([])
  }
})

test('people get the mail they chose, by default for waiting requests and decisions', async () => {
  const [plain, choosy] = await Promise.all([fixture.person('plain'), fixture.person('choosy')])
  const chosen = { waiting: false, decided: false, access: true, spaces: false, endings: true }
  await chooseMail(fixture.as(choosy), chosen)
  expect(await readMailSettings(fixture.as(choosy))).toMatchObject({ choices: chosen, gaveUpAt: null })
  const ended: InboxEvent = { kind: 'sessions-ended', by: null, credentials: 1 }
  for (const person of [plain, choosy]) {
    await notify(person)
    await notify(person, ended)
  }
  const kinds = async ({ userId }: Actor) =>
    (
      await fixture.owner.query(
        'SELECT e.kind FROM mail_delivery d JOIN inbox_event e ON e.id = d.event_id WHERE e.user_id = $1',
        [userId],
      )
    ).rows.map(({ kind }) => kind)
  expect(await kinds(plain)).toEqual(['request-waiting'])
  expect(await kinds(choosy)).toEqual(['sessions-ended'])
})

test('without a mail server no mail is queued', async () => {
  const person = await fixture.person('silent')
  await notify(person)
  expect(await send(null)).toBe(1)
  expect(await deliveryTo(person)).toMatchObject([{ state: 'skipped' }])
})

test('a mail’s outcome is deleted after a month, and an unreadable event is dropped after a week', async () => {
  const reader = await fixture.person('forgotten')
  const states = async () =>
    (await fixture.owner.query(`SELECT state::text FROM mail_delivery ORDER BY created_at`)).rows.map(
      (row) => row.state,
    )
  await serve()
  await notify(reader)
  await send()
  await notify(reader)
  await fixture.owner.query(`UPDATE inbox_event SET kind = 'of-a-later-release' WHERE id IN
    (SELECT event_id FROM mail_delivery WHERE state = 'waiting')`)
  const after = (days: number) => forgetDeliveries(fixture.system().db, new Date(now.getTime() + days * dayMs))
  await after(6)
  expect(await states()).toEqual(['sent', 'waiting'])
  await after(8)
  expect(await states()).toEqual(['sent', 'given_up'])
  await after(31)
  expect(await states()).toEqual(['given_up'])
  await after(39)
  expect(await states()).toEqual([])
})
