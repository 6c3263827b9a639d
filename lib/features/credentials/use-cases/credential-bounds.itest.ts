import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene, wish } from '#dev/testing/fixtures/policy-scene.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { createCredential, createCredentialForAll } from './create-credential.ts'
import { listCredentials } from './list-credentials.ts'
import { revokeCredential } from './revoke-credential.ts'

let fixture: BrokerFixture
let scene: ReturnType<typeof policyScene>
let member: Actor
let space: { name: string }
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  scene = policyScene(fixture, await fixture.person('padmin', { platformRole: 'admin' }))
})
beforeEach(async () => {
  await scene.reset()
  member = await fixture.person('member', { groups: ['crew'] })
  const { name } = wish()
  space = { name }
  await createSpace(fixture.as(member), { ...wish(), name })
})
afterAll(() => fixture.close())

const hourMs = 3_600_000

/** @returns the person in a session that was authenticated this many minutes ago; null: the provider didn't say */
async function signedIn(person: Actor, minutesAgo: number | null): Promise<Actor & { sessionId: string }> {
  const sessionId = randomUUID()
  await fixture.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at, authenticated_at)
     VALUES ($1, $2, $3, now() + interval '1 hour', now() - $4 * interval '1 minute')`,
    [sessionId, randomBytes(32), person.userId, minutesAgo],
  )
  return { ...person, sessionId }
}
const active = async () => (await listCredentials(fixture.as(member))).filter(({ state }) => state === 'active')

test('no kubeconfig outlives the policy, for one space or for all, exempt or not', async () => {
  await createCredential(fixture.as(await signedIn(member, 0)), { space, hours: 720 })
  await scene.save({ longestCredentialHours: 4, exemptGroups: [{ issuer: issuerOfTests, group: 'crew' }] })
  const ctx = await scene.arriving(member)
  for (const make of [
    () => createCredential(ctx, { space, hours: 5 }),
    () => createCredentialForAll(ctx, { hours: 5 }),
  ])
    await expect(make()).rejects.toMatchObject({
      code: 'lifetime_too_long',
      sentence: 'The policy allows a kubeconfig 4 hours at most. Choose a shorter time.',
    })
  const { endsAt } = await createCredential(ctx, { space })
  expect(endsAt.getTime() - Date.now()).toBeLessThanOrEqual(4 * hourMs)
  // Existing ones stay.
  expect(await active()).toHaveLength(2)
})

test('a policy that is tightened while a person creates a kubeconfig applies', async () => {
  const seenBefore = await scene.arriving(member)
  await scene.save({ longestCredentialHours: 4 })
  for (const hours of [undefined, 8])
    await expect(createCredential(seenBefore, { space, hours })).rejects.toMatchObject({ code: 'lifetime_too_long' })
  expect(await active()).toEqual([])
})

test('no one gets more working kubeconfigs than the policy allows, even with simultaneous requests', async () => {
  await scene.save({ credentialLimit: 2 })
  const ctx = await scene.arriving(member)
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => createCredential(ctx, { space })))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  const refused = {
    code: 'rate_limited',
    sentence: expect.stringContaining('2 kubeconfigs that work, as many as the policy allows'),
  }
  await expect(createCredentialForAll(ctx, {})).rejects.toMatchObject(refused)
  const [first] = await active()
  await revokeCredential(ctx, { id: first?.id ?? '' })
  await createCredentialForAll(ctx, {})
})

test('a kubeconfig above the policy’s hours needs a sign-in within ten minutes, in one’s own active session', async () => {
  const other = await signedIn(await fixture.person('other'), 0)
  const ended = await signedIn(member, 0)
  await fixture.owner.query('UPDATE session SET expires_at = now() WHERE id = $1', [ended.sessionId])
  const refused = {
    code: 'fresh_sign_in_needed',
    sentence: expect.stringContaining('longer than 24 hours needs a fresh sign-in'),
  }
  for (const [why, who] of [
    ['no session', member],
    ['the provider didn’t say when', await signedIn(member, null)],
    ['too long ago', await signedIn(member, 11)],
    ['another person’s session', { ...member, sessionId: other.sessionId }],
    ['an ended session', ended],
  ] as const) {
    await expect(createCredential(fixture.as(who), { space, hours: 25 }), why).rejects.toMatchObject(refused)
    await expect(createCredentialForAll(fixture.as(who), { hours: 720 }), why).rejects.toMatchObject(refused)
  }
  expect(await active()).toEqual([])
  await createCredential(fixture.as(member), { space, hours: 24 })
  const fresh = fixture.as(await signedIn(member, 9))
  await createCredential(fresh, { space, hours: 25 })
  await createCredentialForAll(fresh, { hours: 720 })
  expect(await active()).toHaveLength(3)
})

test('the policy of the transaction decides when a fresh sign-in is needed', async () => {
  const seenBefore = await scene.arriving(member)
  await scene.save({ freshSignInHours: 1 })
  await expect(createCredential(seenBefore, { space, hours: 8 })).rejects.toMatchObject({
    code: 'fresh_sign_in_needed',
  })
  await scene.save({ freshSignInHours: null })
  await createCredential(seenBefore, { space, hours: 720 })
  expect(await active()).toHaveLength(1)
})
