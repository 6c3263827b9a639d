import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { readAccessOfPerson } from '#lib/features/access/use-cases/read-access-report.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listAllCredentials } from '#lib/features/credentials/use-cases/list-all-credentials.ts'
import { revokeCredentials, revokeOwnCredentials } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { deactivatePerson } from './deactivate-person.ts'
import { endOwnSessions } from './end-own-sessions.ts'
import { listPeople } from './list-people.ts'
import { reactivatePerson } from './reactivate-person.ts'
import { readPersonPage } from './read-person-page.ts'
import { signOutPerson } from './sign-out-person.ts'

let fixture: BrokerFixture
let admin: Actor
let auditor: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  auditor = await fixture.person('auditor', { platformRole: 'auditor' })
})
afterAll(() => fixture.close())

const reason = 'a test'

async function session({ userId }: Actor): Promise<string> {
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [id, randomBytes(32), userId],
  )
  return id
}

async function credential({ userId }: Actor, more: { spaceId?: string; ageDays?: number } = {}): Promise<string> {
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, space_id, token_hash, created_at, ends_at)
     VALUES ($1, $2, $3, $4, now() - make_interval(days => $5), now() + interval '1 hour')`,
    [id, userId, more.spaceId ?? null, randomBytes(32), more.ageDays ?? 0],
  )
  return id
}

const rowsOf = async (table: 'session' | 'credential', { userId }: Actor): Promise<string[]> =>
  (
    await fixture.owner.query<{ id: string }>(
      `SELECT id FROM ${table} WHERE user_id = $1 ${table === 'credential' ? 'AND revoked_at IS NULL' : ''}`,
      [userId],
    )
  ).rows.map(({ id }) => id)

/** The actions in the trail on a target. */
const trailAbout = async (id: string) =>
  (
    await fixture.owner.query<{ action: string; outcome: string; detail: Record<string, unknown> }>(
      `SELECT e.action, coalesce(o.outcome, e.outcome)::text AS outcome, e.detail || coalesce(o.detail, '{}') AS detail
       FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
       WHERE e.target_id = $1 AND e.intent_id IS NULL ORDER BY e.seq`,
      [id],
    )
  ).rows

test('four simultaneous deactivations of a person are one, with its counts in the trail', async () => {
  const departingUser = await fixture.person('departing')
  await Promise.all([session(departingUser), session(departingUser), credential(departingUser)])
  const input = { id: departingUser.userId, reason }
  const results = await Promise.all(Array.from({ length: 4 }, () => deactivatePerson(fixture.as(admin), input)))
  expect(results.filter(({ sessions }) => sessions > 0)).toEqual([{ sessions: 2, credentials: 1, spaces: 0 }])
  expect(await trailAbout(departingUser.userId)).toEqual([
    {
      action: 'person.deactivate',
      outcome: 'ok',
      detail: { reason, sessions: 2, credentials: 1, spaces: 0 },
    },
  ])
  expect(await deactivatePerson(fixture.as(admin), input)).toEqual({ sessions: 0, credentials: 0, spaces: 0 })
  const { person } = await readPersonPage(fixture.as(auditor), { handle: departingUser.handle })
  expect(person).toMatchObject({ deactivationReason: reason, deactivatedBy: { handle: admin.handle } })
})

test('a person can’t have more credentials than a deactivation can revoke in one transaction', async () => {
  const hoarder = await fixture.person('hoarder')
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, created_at, ends_at)
     SELECT gen_random_uuid(), $1, sha256(('hoard' || n)::bytea), now(), now() + interval '1 hour'
     FROM generate_series(1, 499) n`,
    [hoarder.userId],
  )
  const space = { name: uniqueName('hoard') }
  await createSpace(fixture.as(hoarder), { ...space, description: '', size: 'S', endsAt: null })
  const results = await Promise.allSettled([1, 2].map(() => createCredential(fixture.as(hoarder), { space })))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'rate_limited' } })
  const { credentials } = await deactivatePerson(fixture.as(admin), { id: hoarder.userId, reason })
  expect(credentials).toBe(500)
})

test('reactivation restores neither sessions nor credentials, and happens once', async () => {
  const departingUser = await fixture.person('departing')
  await Promise.all([session(departingUser), credential(departingUser)])
  await deactivatePerson(fixture.as(admin), { id: departingUser.userId, reason })
  await Promise.all([1, 2].map(() => reactivatePerson(fixture.as(admin), { id: departingUser.userId, reason })))
  expect(await rowsOf('session', departingUser)).toEqual([])
  expect(await rowsOf('credential', departingUser)).toEqual([])
  const actions = (await trailAbout(departingUser.userId)).map(({ action }) => action)
  expect(actions).toEqual(['person.deactivate', 'person.reactivate'])
  const { person } = await readPersonPage(fixture.as(auditor), { handle: departingUser.handle })
  expect(person).toMatchObject({ deactivatedAt: null, deactivationReason: null, deactivatedBy: null })
})

test('no one can deactivate themselves, and of two admins who deactivate each other one stays', async () => {
  await expect(deactivatePerson(fixture.as(admin), { id: admin.userId, reason })).rejects.toMatchObject({
    code: 'own_account',
  })
  const [one, other] = await Promise.all([
    fixture.person('one', { platformRole: 'admin' }),
    fixture.person('other', { platformRole: 'admin' }),
  ])
  const results = await Promise.allSettled([
    deactivatePerson(fixture.as(one), { id: other.userId, reason }),
    deactivatePerson(fixture.as(other), { id: one.userId, reason }),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'deactivated' } })
})

test('a reason is required, and an unknown id is not found', async () => {
  const person = await fixture.person('kept')
  const as = fixture.as(admin)
  await expect(deactivatePerson(as, { id: person.userId, reason: ' x ' })).rejects.toMatchObject({
    code: 'bad_input',
    fields: { reason: expect.any(String) },
  })
  const forged = { id: randomUUID(), reason }
  await expect(deactivatePerson(as, forged)).rejects.toMatchObject({ code: 'not_found' })
  await expect(reactivatePerson(as, forged)).rejects.toMatchObject({ code: 'not_found' })
  await expect(signOutPerson(as, { id: forged.id })).rejects.toMatchObject({ code: 'not_found' })
  await expect(readPersonPage(as, { handle: 'nobody-000000' })).rejects.toMatchObject({ code: 'not_found' })
})

test('a person signed out by a platform admin keeps their credentials; it doesn’t end another person’s session', async () => {
  const [person, other] = await Promise.all([fixture.person('person'), fixture.person('other')])
  const [mine, also, theirs] = await Promise.all([session(person), session(person), session(other)])
  await credential(person)
  const as = fixture.as(admin)
  expect(await signOutPerson(as, { id: person.userId, session: theirs })).toBe(0)
  expect(await signOutPerson(as, { id: person.userId, session: mine })).toBe(1)
  expect(await rowsOf('session', person)).toEqual([also])
  expect(await signOutPerson(as, { id: person.userId })).toBe(1)
  expect(await rowsOf('session', person)).toEqual([])
  expect(await rowsOf('session', other)).toEqual([theirs])
  expect(await rowsOf('credential', person)).toHaveLength(1)
  expect((await listInbox(fixture.as(person), {})).rows).toMatchObject([
    { event: { kind: 'sessions-ended', by: { handle: admin.handle } } },
  ])
  expect(await trailAbout(person.userId)).toHaveLength(2)
})

test('a person can end their own sessions, one or all but one, but no one else’s', async () => {
  const [person, other] = await Promise.all([fixture.person('person'), fixture.person('other')])
  const [here, there, third, theirs] = await Promise.all([
    session(person),
    session(person),
    session(person),
    session(other),
  ])
  const as = fixture.as(person)
  expect(await endOwnSessions(as, { choice: 'only', session: theirs })).toBe(0)
  expect(await endOwnSessions(as, { choice: 'only', session: there })).toBe(1)
  expect((await rowsOf('session', person)).sort()).toEqual([here, third].sort())
  expect(await endOwnSessions(as, { choice: 'except', session: here })).toBe(1)
  expect(await rowsOf('session', person)).toEqual([here])
  expect(await rowsOf('session', other)).toEqual([theirs])
})

test('credentials can be revoked by person, space or age, but not all at once, and each is named in the trail', async () => {
  const [person, other] = await Promise.all([fixture.person('person'), fixture.person('other')])
  const as = fixture.as(admin)
  const name = uniqueName('bound')
  await createSpace(fixture.as(person), { name, description: '', size: 'S', endsAt: null })
  const { id: spaceId } = await readSpace(fixture.as(person), { name })
  const [bound, theirBound, old, theirOld] = await Promise.all([
    credential(person, { spaceId }),
    credential(other, { spaceId }),
    credential(person, { ageDays: 9 }),
    credential(other, { ageDays: 9 }),
  ])
  for (const nothing of [{ reason }, { reason, person: '' }, { reason, person: undefined }])
    await expect(revokeCredentials(as, nothing)).rejects.toMatchObject({ code: 'bad_input' })
  expect(await revokeCredentials(as, { space: name, person: '%', reason })).toBe(0)
  expect(await revokeCredentials(as, { space: name, reason })).toBe(2)
  expect(await rowsOf('credential', person)).toEqual([old])
  expect(await revokeCredentials(as, { person: other.handle, olderThan: 7, reason })).toBe(1)
  expect(await rowsOf('credential', other)).toEqual([])
  expect(await revokeCredentials(as, { ids: [old, bound, randomUUID()], reason })).toBe(1)
  expect(await rowsOf('credential', person)).toEqual([])
  const { rows } = await fixture.owner.query<{ id: string }>(
    `SELECT jsonb_array_elements_text(detail -> 'credentials') AS id FROM audit_event
     WHERE action = 'credential.revoke' AND actor_id = $1`,
    [admin.userId],
  )
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([bound, theirBound, old, theirOld]))
})

test('a person’s hundreds of credentials are revoked in one act, all named in one row of the trail', async () => {
  const person = await fixture.person('many')
  const ids = await Promise.all(Array.from({ length: 400 }, () => credential(person)))
  const acting = await fixture.person('acting', { platformRole: 'admin' })
  const counts = await Promise.all(
    [1, 2].map(() => revokeCredentials(fixture.as(acting), { person: person.handle, reason })),
  )
  expect(counts.sort((a, b) => a - b)).toEqual([0, 400])
  const { rows } = await fixture.owner.query<{ detail: { credentials?: string[]; count?: number } }>(
    `SELECT e.detail || coalesce(o.detail, '{}') AS detail FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
     WHERE e.actor_id = $1 AND e.intent_id IS NULL ORDER BY e.seq`,
    [acting.userId],
  )
  expect(rows[0]?.detail).toMatchObject({ person: person.handle, reason, count: 400 })
  expect(rows.flatMap(({ detail }) => detail.credentials ?? []).sort()).toEqual(ids.sort())
  expect((await listInbox(fixture.as(person), {})).rows).toMatchObject([
    { unread: true, event: { kind: 'credentials-revoked', count: 400, by: { handle: acting.handle }, reason } },
  ])
})

test('a person can revoke several of their own credentials, but not other people’s by id', async () => {
  const [person, other] = await Promise.all([fixture.person('person'), fixture.person('other')])
  const [one, two, kept, theirs] = await Promise.all([
    credential(person),
    credential(person),
    credential(person),
    credential(other),
  ])
  expect(await revokeOwnCredentials(fixture.as(person), { ids: [one, two, theirs] })).toBe(2)
  expect(await rowsOf('credential', person)).toEqual([kept])
  expect(await rowsOf('credential', other)).toEqual([theirs])
})

test('a platform admin needs a reason to remove a role, and the owner is notified', async () => {
  const [owner, member] = await Promise.all([fixture.person('owner'), fixture.person('member')])
  const space = { name: uniqueName('platform-admin') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(owner), { space, principal: member.handle, role: 'editor' })
  const grantId = (await listGrants(fixture.as(owner), space)).grants[0]?.id ?? ''
  const { rows } = await readAccessOfPerson(fixture.as(auditor), { person: member.handle })
  expect(rows).toMatchObject([{ id: grantId, space: { name: space.name }, standing: 'editor', group: null }])
  await expect(removeGrant(fixture.as(admin), { space, grantId })).rejects.toMatchObject({ code: 'bad_input' })
  await removeGrant(fixture.as(admin), { space, grantId, reason })
  expect(await listAdminActs(fixture.as(owner))).toMatchObject([
    { act: { kind: 'removal', role: 'editor', reason, to: { handle: member.handle }, by: { handle: admin.handle } } },
  ])
})

test('pages list everyone exactly once, and a search matches text, not patterns', async () => {
  const group = uniqueName('crew')
  const crew = await Promise.all(Array.from({ length: 60 }, () => fixture.person('crew', { groups: [group] })))
  const as = fixture.as(auditor)
  const first = await listPeople(as, { group })
  const second = await listPeople(as, { group, after: first.next ?? '' })
  expect(second.next).toBeNull()
  expect([...first.rows, ...second.rows].map(({ handle }) => handle).sort()).toEqual(
    crew.map(({ handle }) => handle).sort(),
  )
  const [some] = crew
  expect((await listPeople(as, { search: some?.handle.toUpperCase() })).rows.map(({ handle }) => handle)).toEqual([
    some?.handle,
  ])
  for (const search of ['%', '_rew-', 'crew%', `' OR true --`, '\\'])
    expect((await listPeople(as, { search, group })).rows, search).toEqual([])
  expect((await listPeople(as, { group, after: 'nobody-000000' })).rows).toEqual([])
})

test('people inactive for 30 days in both portal and gateway are found', async () => {
  const group = uniqueName('idle')
  const [idle, busy, gone] = await Promise.all(
    ['idle', 'busy', 'gone'].map((name) => fixture.person(name, { groups: [group] })),
  )
  await fixture.owner.query(
    `UPDATE user_account SET last_sign_in_at = now() - interval '40 days' WHERE id = ANY ($1)`,
    [[idle, busy, gone].map((person) => person?.userId)],
  )
  await fixture.owner.query('INSERT INTO credential_use (credential_id, last_used_at) VALUES ($1, now())', [
    await credential(busy ?? admin),
  ])
  await deactivatePerson(fixture.as(admin), { id: gone?.userId ?? '', reason })
  const found = async (state: 'unseen-30' | 'unseen-90' | 'deactivated') =>
    (await listPeople(fixture.as(auditor), { group, state })).rows.map(({ handle }) => handle)
  expect(await found('unseen-30')).toEqual([idle?.handle])
  expect(await found('unseen-90')).toEqual([])
  expect(await found('deactivated')).toEqual([gone?.handle])
})

test('the list of all credentials has pages of active ones, newest first', async () => {
  const person = await fixture.person('lister')
  const made = await Promise.all(Array.from({ length: 60 }, () => credential(person)))
  await fixture.owner.query('UPDATE credential SET revoked_at = now() WHERE id = $1', [made[0]])
  const as = fixture.as(auditor)
  const first = await listAllCredentials(as, { person: person.handle })
  const second = await listAllCredentials(as, { person: person.handle, after: first.next ?? undefined })
  expect(first.total).toBe(59)
  expect([...first.rows, ...second.rows].map(({ id }) => id).sort()).toEqual(made.slice(1).sort())
  expect((await listAllCredentials(as, { person: '%' })).rows).toEqual([])
})
