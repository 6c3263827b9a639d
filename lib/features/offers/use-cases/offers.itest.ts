import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { acceptOffer } from './accept-offer.ts'
import { declineOffer } from './decline-offer.ts'
import { listOffers } from './list-offers.ts'
import { offerSpace } from './offer-space.ts'
import { readOffer } from './read-offer.ts'
import { withdrawOffer } from './withdraw-offer.ts'

let fixture: BrokerFixture
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('padmin', { platformRole: 'admin' })
})
afterAll(() => fixture.close())

const input = (name: string) => ({ name, description: '', size: 'S' as const, endsAt: null })

async function makeScene() {
  const [from, to] = await Promise.all([fixture.person('from'), fixture.person('to')])
  const space = { name: uniqueName('offered') }
  await createSpace(fixture.as(from), input(space.name))
  const { id } = await readSpace(fixture.as(from), space)
  return { from, to, space, spaceId: id }
}
const offerOf = async (to: Actor) => ({ id: (await listOffers(fixture.as(to)))[0]?.id ?? '' })
const closed = { code: 'offer_closed' }

test('a space changes owner only when the offer is accepted, and the former owner becomes an admin', async () => {
  const { from, to, space, spaceId } = await makeScene()
  await offerSpace(fixture.as(from), { space, to: to.handle })
  expect(await readSpace(fixture.as(from), space)).toMatchObject({ standing: 'owner' })
  await expect(readSpace(fixture.as(to), space)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listOffers(fixture.as(to))).toMatchObject([
    { space: { ...space, size: 'S' }, from: { handle: from.handle }, admin: null },
  ])
  expect(await readOffer(fixture.as(from), space)).toMatchObject({ to: { handle: to.handle } })
  await acceptOffer(fixture.as(to), await offerOf(to))
  expect(await readSpace(fixture.as(to), space)).toMatchObject({ standing: 'owner', changing: false })
  expect(await readSpace(fixture.as(from), space)).toMatchObject({ standing: 'admin' })
  expect(await listOffers(fixture.as(to))).toEqual([])
  const trail = (await fixture.trailOf(spaceId)).map(({ action, outcome }) => [action, outcome])
  expect(trail).toEqual([
    ['space.create', 'ok'],
    ['space.offer', 'ok'],
    ['space.offer-accept', 'ok'],
  ])
})

test('only the recipient can answer an offer; after declining or withdrawing it, a new one can be made', async () => {
  const { from, to, space } = await makeScene()
  const other = await fixture.person('other')
  await offerSpace(fixture.as(from), { space, to: to.handle })
  const offer = await offerOf(to)
  for (const actor of [other, from, admin])
    for (const answer of [acceptOffer, declineOffer])
      await expect(answer(fixture.as(actor), offer)).rejects.toMatchObject({ code: 'not_found' })
  await expect(offerSpace(fixture.as(from), { space, to: other.handle })).rejects.toMatchObject({
    code: 'offer_exists',
    sentence: expect.stringContaining(to.name),
  })
  await declineOffer(fixture.as(to), offer)
  for (const answer of [acceptOffer, declineOffer])
    await expect(answer(fixture.as(to), offer)).rejects.toMatchObject(closed)

  await offerSpace(fixture.as(from), { space, to: to.handle })
  const again = await offerOf(to)
  await withdrawOffer(fixture.as(from), { space })
  expect(await listOffers(fixture.as(to))).toEqual([])
  await expect(acceptOffer(fixture.as(to), again)).rejects.toMatchObject(closed)
  await expect(withdrawOffer(fixture.as(from), { space })).rejects.toMatchObject(closed)
  expect(await readSpace(fixture.as(from), space)).toMatchObject({ standing: 'owner' })
})

test('an offered space counts against the owner’s limit, and needs room in the recipient’s limit on acceptance', async () => {
  const { from, to, space } = await makeScene()
  const policy = { ...fixture.services.policy, spaceLimit: 1 }
  await offerSpace(fixture.as(from, { policy }), { space, to: to.handle })
  await expect(createSpace(fixture.as(from, { policy }), input(uniqueName('more')))).rejects.toMatchObject({
    code: 'space_limit',
  })
  const own = uniqueName('own')
  await createSpace(fixture.as(to, { policy }), input(own))
  const offer = await offerOf(to)
  await expect(acceptOffer(fixture.as(to, { policy }), offer)).rejects.toMatchObject({ code: 'space_limit' })
  expect(await readSpace(fixture.as(from), space)).toMatchObject({ standing: 'owner' })
  await deleteSpace(fixture.as(to), { space: { name: own }, confirmation: own })
  await acceptOffer(fixture.as(to, { policy }), offer)
  expect(await readSpace(fixture.as(to), space)).toMatchObject({ standing: 'owner' })
})

test('when a person with room for one space accepts two offers at once, one succeeds', async () => {
  const [first, second] = [await makeScene(), await makeScene()]
  const policy = { ...fixture.services.policy, spaceLimit: 1 }
  const { to } = first
  await offerSpace(fixture.as(first.from), { space: first.space, to: to.handle })
  await offerSpace(fixture.as(second.from), { space: second.space, to: to.handle })
  const offers = await listOffers(fixture.as(to))
  const results = await Promise.allSettled(offers.map(({ id }) => acceptOffer(fixture.as(to, { policy }), { id })))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'space_limit' })
})

test('an offer expires on time even while no worker runs, and the trail records it once one does', async () => {
  const { from, to, space, spaceId } = await makeScene()
  await offerSpace(fixture.as(from), { space, to: to.handle })
  const offer = await offerOf(to)
  const clock = () => new Date(Date.now() + 7 * dayMs + 1_000)
  expect(await listOffers(fixture.as(to, { clock }))).toEqual([])
  expect(await readOffer(fixture.as(from, { clock }), space)).toBeNull()
  await expect(acceptOffer(fixture.as(to, { clock }), offer)).rejects.toMatchObject(closed)
  await fixture.owner.query('UPDATE space_offer SET expires_at = now() WHERE id = $1', [offer.id])
  await expireDue(fixture.system())
  const last = (await fixture.trailOf(spaceId)).filter(({ action }) => action === 'space.offer-expire')
  expect(last).toEqual([{ action: 'space.offer-expire', outcome: 'ok', reason: null }])
  await offerSpace(fixture.as(from), { space, to: to.handle })
})

test('a platform admin can offer a space to others with a reason, with notice to the owner and beyond the recipient’s limit', async () => {
  const { from, to, space } = await makeScene()
  const policy = { ...fixture.services.policy, spaceLimit: 1 }
  await createSpace(fixture.as(to), input(uniqueName('own')))
  const offer = (person: Actor, reason?: string) =>
    offerSpace(fixture.as(admin, { policy }), { space, to: person.handle, reason })
  await expect(offer(admin, 'for me')).rejects.toMatchObject({ code: 'self_escalation' })
  await expect(offer(to)).rejects.toMatchObject({ code: 'bad_input', fields: { reason: expect.any(String) } })
  await offer(to, 'the owner has left')
  expect(await listAdminActs(fixture.as(from))).toMatchObject([
    { act: { kind: 'offer', by: { handle: admin.handle }, to: { handle: to.handle }, reason: 'the owner has left' } },
  ])
  expect(await listOffers(fixture.as(to))).toMatchObject([
    { admin: { handle: admin.handle, reason: 'the owner has left' } },
  ])
  await acceptOffer(fixture.as(to, { policy }), await offerOf(to))
  expect(await readSpace(fixture.as(to), space)).toMatchObject({ standing: 'owner' })
})

test('a platform admin’s offer is void once they lose the role, and the owner may withdraw it', async () => {
  const { from, to, space } = await makeScene()
  const former = await fixture.person('padmin', { platformRole: 'admin' })
  await offerSpace(fixture.as(former), { space, to: to.handle, reason: 'a change of teams' })
  const offer = await offerOf(to)
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [former.userId])
  await expect(acceptOffer(fixture.as(to), offer)).rejects.toMatchObject(closed)
  await withdrawOffer(fixture.as(from), { space })
})

test('an offer by a former provider’s platform admin is void', async () => {
  const { to, space } = await makeScene()
  await offerSpace(fixture.as(admin), { space, to: to.handle, reason: 'a change of teams' })
  const offer = await offerOf(to)
  const present = fixture.as(to, { issuer: 'https://present.test' })
  await expect(acceptOffer(present, offer)).rejects.toMatchObject(closed)
  await acceptOffer(fixture.as(to), offer)
})

test('an offer can’t be accepted once its maker is deactivated', async () => {
  const { from, to, space } = await makeScene()
  await offerSpace(fixture.as(from), { space, to: to.handle })
  const offer = await offerOf(to)
  await fixture.services.db.user.update({ where: { id: from.userId }, data: { deactivatedAt: new Date() } })
  await expect(acceptOffer(fixture.as(to), offer)).rejects.toMatchObject(closed)
  expect(await fixture.services.db.space.findFirstOrThrow({ where: { name: space.name } })).toMatchObject({
    ownerId: from.userId,
  })
})

test('deleting a space closes its offer', async () => {
  const { from, to, space } = await makeScene()
  await offerSpace(fixture.as(from), { space, to: to.handle })
  const offer = await offerOf(to)
  await deleteSpace(fixture.as(from), { space, confirmation: space.name })
  expect(await listOffers(fixture.as(to))).toEqual([])
  await expect(acceptOffer(fixture.as(to), offer)).rejects.toMatchObject(closed)
})
