import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { policyScene, wish } from '#dev/testing/policy-scene.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import type { Actor } from '#lib/domain/person.ts'
import { createCredential, createCredentialForAll } from './create-credential.ts'
import { listCredentials } from './list-credentials.ts'
import { revokeCredential } from './revoke-credential.ts'

let fixture: BrokerFixture
let scene: ReturnType<typeof policyScene>
let member: Actor
let space: { name: string }
beforeAll(async () => {
  fixture = await openBrokerFixture()
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
const active = async () => (await listCredentials(fixture.as(member))).filter(({ state }) => state === 'active')

test('no kubeconfig outlives what the policy allows, of one space or of all, exempt or not', async () => {
  await createCredential(fixture.as(member), { space, hours: 720 })
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
  // Those from before stay.
  expect(await active()).toHaveLength(2)
})

test('a policy that is tightened while somebody creates a kubeconfig counts', async () => {
  const seenBefore = await scene.arriving(member)
  await scene.save({ longestCredentialHours: 4 })
  for (const hours of [undefined, 8])
    await expect(createCredential(seenBefore, { space, hours })).rejects.toMatchObject({ code: 'lifetime_too_long' })
  expect(await active()).toEqual([])
})

test('nobody has more working kubeconfigs than the policy allows, not even by asking for several at once', async () => {
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
