import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene, wish } from '#dev/testing/fixtures/policy-scene.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { hashToken } from '#lib/kernel/credentials/token.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { createCredential } from './create-credential.ts'
import { listAllCredentials } from './list-all-credentials.ts'
import { listCredentials } from './list-credentials.ts'
import { openBrowserAccess } from './open-browser-access.ts'
import { revokeCredential } from './revoke-credential.ts'

let fixture: BrokerFixture
let scene: ReturnType<typeof policyScene>
let member: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  scene = policyScene(fixture, await fixture.person('padmin', { platformRole: 'admin' }))
})
beforeEach(async () => {
  await scene.reset()
  member = await fixture.person('member')
})
afterAll(() => fixture.close())

/** @returns the person with a new session */
async function signedIn(person: Actor, lasts = '1 hour'): Promise<Actor & { sessionId: string }> {
  const sessionId = randomUUID()
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, created_at, expires_at)
     VALUES ($1, $2, $3, now() - interval '1 minute', now() + $4::interval)`,
    [sessionId, randomBytes(32), person.userId, lasts],
  )
  return { ...person, sessionId }
}
const open = (person: Actor) => openBrowserAccess(fixture.as(person), undefined)
const credentialOf = async (token: string) =>
  (
    await fixture.owner.query<{ id: string; user_id: string; session_id: string; space_id: null; revoked: boolean }>(
      'SELECT id, user_id, session_id, space_id, revoked_at IS NOT NULL AS revoked FROM credential WHERE token_hash = $1',
      [hashToken(token)],
    )
  ).rows[0]

test('browser access belongs to the person and session, ends with the session at the latest, and the trail names it', async () => {
  const person = await signedIn(member, '20 minutes')
  const { token, endsAt } = await open(person)
  expect(endsAt.getTime() - Date.now()).toBeLessThanOrEqual(20 * 60_000)
  const made = await credentialOf(token)
  expect(made).toMatchObject({ user_id: member.userId, session_id: person.sessionId, space_id: null, revoked: false })
  const { rows } = await fixture.owner.query(
    `SELECT target_id, detail FROM audit_event WHERE action = 'credential.create' AND actor_id = $1 AND intent_id IS NULL`,
    [member.userId],
  )
  expect(rows).toEqual([{ target_id: made?.id, detail: { credential: made?.id, browser: true } }])
  expect(JSON.stringify(rows)).not.toContain(token)
})

test('it lasts no longer than the policy allows for kubeconfigs', async () => {
  await scene.save({ longestCredentialHours: 1 })
  const person = await signedIn(member, '8 hours')
  const { endsAt } = await openBrowserAccess(await scene.arriving(person), undefined)
  expect(endsAt.getTime() - Date.now()).toBeLessThanOrEqual(3_600_000)
})

test.each([
  ['deleted', 'DELETE FROM session WHERE id = $1'],
  ['over', 'UPDATE session SET expires_at = created_at WHERE id = $1'],
])('a session that is %s gets none, and its existing one stops working', async (_, statement) => {
  const person = await signedIn(member)
  const { token } = await open(person)
  await fixture.owner.query(statement, [person.sessionId])
  await expect(open(person)).rejects.toMatchObject({ code: 'not_signed_in' })
  const { rows } = await fixture.owner.query(
    'SELECT FROM credential WHERE token_hash = $1 AND revoked_at IS NULL AND ends_at > now()',
    [hashToken(token)],
  )
  expect(rows).toEqual([])
})

test('another person’s session, or no session, gets nothing', async () => {
  const other = await signedIn(await fixture.person('other'))
  for (const person of [{ ...member, sessionId: other.sessionId }, member])
    await expect(open(person)).rejects.toMatchObject({ code: 'not_signed_in' })
})

test('a session that ends while browser access is created ends that access too', async () => {
  const person = await signedIn(member)
  const ending = await fixture.owner.connect()
  try {
    await ending.query('BEGIN')
    await ending.query('DELETE FROM session WHERE id = $1', [person.sessionId])
    const making = open(person).catch((error: unknown) => error)
    await untilBlockedBy(ending, fixture.owner)
    await ending.query('COMMIT')
    expect(await making).toMatchObject({ code: 'not_signed_in' })
  } finally {
    ending.release(true)
  }
})

test('it is not a kubeconfig: not listed, counted, or revocable as one', async () => {
  await scene.save({ credentialLimit: 1 })
  const { name } = wish()
  await createSpace(fixture.as(member), { ...wish(), name })
  const person = await signedIn(member)
  const { token } = await open(person)
  const { id = '' } = (await credentialOf(token)) ?? {}
  await createCredential(await scene.arriving(person), { space: { name } })
  expect((await listCredentials(fixture.as(member))).map((one) => one.id)).not.toContain(id)
  const all = await listAllCredentials(fixture.as(await fixture.person('admin', { platformRole: 'admin' })), {
    person: member.handle,
  })
  expect(JSON.stringify(all)).not.toContain(id)
  await expect(revokeCredential(fixture.as(member), { id })).rejects.toMatchObject({ code: 'not_found' })
  expect(await credentialOf(token)).toMatchObject({ revoked: false })
})
