import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { checkSpaceName } from './check-space-name.ts'
import { createSpace } from './create-space.ts'
import { deleteSpace } from './delete-space.ts'
import { readSpace } from './read-space.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

const plain = { description: '', size: 'S' as const, endsAt: null }

// These wait for namespaces to be deleted, side by side.
test.concurrent('a deleted space’s name stays reserved for its former owner for a while, and others don’t learn why', async () => {
  const [owner, other] = await Promise.all([fixture.person('former'), fixture.person('other')])
  const name = uniqueName('kept')
  const taken = uniqueName('taken')
  await createSpace(fixture.as(owner), { ...plain, name })
  await createSpace(fixture.as(owner), { ...plain, name: taken })
  const { id } = await readSpace(fixture.as(owner), { name })
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  const wish = { ...plain, name }
  await expect(createSpace(fixture.as(other), wish)).rejects.toMatchObject({ code: 'name_taken' })
  await vi.waitFor(async () => expect(await reconcileSpace(fixture.system(), id)).toEqual({ settled: true }), {
    timeout: 120_000,
    interval: 500,
  })

  await expect(createSpace(fixture.as(other), wish)).rejects.toMatchObject({ code: 'name_taken' })
  const large = { ...wish, size: 'L' as const, reason: 'it is large' }
  await expect(requestSpace(fixture.as(other), large)).rejects.toMatchObject({ code: 'name_taken' })
  const [kept, used] = await Promise.all([name, taken].map((one) => checkSpaceName(fixture.as(other), { name: one })))
  const nameless = { ...used, sentence: used?.sentence.replace(taken, name), namespace: name }
  expect(kept).toEqual(nameless)
  expect(kept).toMatchObject({ verdict: 'name_taken' })

  expect(await checkSpaceName(fixture.as(owner), { name })).toMatchObject({ verdict: 'free' })
  const later = { clock: () => new Date(Date.now() + 31 * 86_400_000) }
  expect(await checkSpaceName(fixture.as(other, later), { name })).toMatchObject({ verdict: 'free' })
  await createSpace(fixture.as(owner), wish)
  expect(await checkSpaceName(fixture.as(other, later), { name })).toMatchObject({ verdict: 'name_taken' })
})

test.concurrent('after that time anyone may take the name', async () => {
  const [owner, other] = await Promise.all([fixture.person('former'), fixture.person('other')])
  const name = uniqueName('freed')
  const now = { policy: { ...fixture.services.policy, nameReservedDays: 0 } }
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  await vi.waitFor(async () => expect(await reconcileSpace(fixture.system(), id)).toEqual({ settled: true }), {
    timeout: 120_000,
    interval: 500,
  })
  await createSpace(fixture.as(other, now), { ...plain, name })
  expect(await readSpace(fixture.as(other), { name })).toMatchObject({ standing: 'owner' })
})

test('a name that the operator reserves is refused like the cluster’s own', async () => {
  const person = await fixture.person('wisher')
  const name = uniqueName('vip')
  const ctx = fixture.as(person, { policy: { ...fixture.services.policy, reservedNames: [name] } })
  await expect(createSpace(ctx, { ...plain, name })).rejects.toMatchObject({ code: 'name_protected' })
  expect(await checkSpaceName(ctx, { name })).toMatchObject({ verdict: 'name_protected' })
})
