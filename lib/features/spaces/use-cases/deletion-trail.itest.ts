import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { createSpace } from './create-space.ts'
import { deleteSpace } from './delete-space.ts'
import { readSpace } from './read-space.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture?.close())

/** A space with an offer, two kubeconfigs, its owner's request for a larger size and a stranger's for a role. */
async function makeScene(endsAt: Date | null = null) {
  const [owner, other, stranger] = await Promise.all(['owner', 'other', 'stranger'].map((name) => fixture.person(name)))
  if (!owner || !other || !stranger) throw new Error('nobody')
  const space = { name: uniqueName('ending'), cluster: 'default' }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt })
  const { id } = await readSpace(fixture.as(owner), space)
  await offerSpace(fixture.as(owner), { space, to: other.handle })
  for (let made = 0; made < 2; made++) await createCredential(fixture.as(owner), { space })
  const credentials = await fixture.services.db.credential.findMany({ where: { spaceId: id }, orderBy: { id: 'asc' } })
  const size = await requestSize(fixture.as(owner), { space, size: 'L', reason: 'It is a large one.' })
  const role = await requestRole(fixture.as(stranger), {
    space,
    role: 'viewer',
    minutes: null,
    reason: 'I look after it.',
  })
  return { owner, other, space, id, size, role, credentials: credentials.map((credential) => credential.id) }
}
type Scene = Awaited<ReturnType<typeof makeScene>>

/** @returns the space's trail after the requests, without the cluster's entries and the asserted times */
async function endOf(id: string) {
  const { rows } = await fixture.owner.query(
    `SELECT action, outcome::text, actor_kind::text AS who, actor_handle AS handle, target_kind AS "of", target_id AS target, detail - 'claimedAt' AS detail
     FROM audit_event WHERE space_id = $1 AND intent_id IS NULL AND action <> ALL($2) ORDER BY seq`,
    [id, ['space.create', 'space.offer', 'credential.create', 'request.create']],
  )
  return rows
}
const why = 'The space was deleted.'
const closedWith = ({ other, owner, size, credentials, id }: Scene, by: Actor | null) =>
  [
    {
      action: 'space.offer-withdraw',
      of: 'space',
      target: id,
      detail: { offer: expect.any(String), to: other.handle, why },
    },
    { action: 'request.close', of: 'request', target: size.id, detail: { requester: owner.handle, why } },
    { action: 'credential.end', of: 'space', target: id, detail: { credentials, credentialCount: 2, why } },
  ].map((row) => ({ ...row, outcome: 'ok', who: by ? 'user' : 'system', handle: by?.handle ?? null }))

test('the trail records everything that ends with a deleted space, and who ended it', async () => {
  const scene = await makeScene()
  await deleteSpace(fixture.as(scene.owner), { space: scene.space, confirmation: scene.space.name })
  const [deletion, ...closed] = await endOf(scene.id)
  expect(deletion).toMatchObject({ action: 'space.delete', outcome: null, handle: scene.owner.handle })
  expect(closed).toEqual(closedWith(scene, scene.owner))
  // A person who requested a role may be a stranger, who must not learn that the space existed.
  const asked = await fixture.services.db.request.findUniqueOrThrow({ where: { id: scene.role.id } })
  expect(asked.state).toBe('open')
})

test('the trail records everything that ends with a space at its end date', async () => {
  const scene = await makeScene(new Date(Date.now() + dayMs))
  await expireDue(fixture.system({ clock: () => new Date(Date.now() + dayMs + 1_000) }))
  const [deletion, ...closed] = await endOf(scene.id)
  expect(deletion).toMatchObject({ action: 'space.delete', who: 'system' })
  // Kubeconfigs of eight hours have expired by then.
  expect(closed).toEqual(closedWith(scene, null).filter(({ action }) => action !== 'credential.end'))
})

test('an offer that had expired before is recorded as expired', async () => {
  const scene = await makeScene()
  const later = () => new Date(Date.now() + 8 * dayMs)
  await deleteSpace(fixture.as(scene.owner, { clock: later }), { space: scene.space, confirmation: scene.space.name })
  const closed = (await endOf(scene.id)).map(({ action, who }) => [action, who])
  expect(closed).toEqual([
    ['space.delete', 'user'],
    ['space.offer-expire', 'system'],
  ])
})

test.each(['space.offer-withdraw', 'request.close', 'credential.end'])(
  'a space is not deleted, and nothing is closed, if %s can’t be written to the trail',
  async (action) => {
    const { owner, space, id } = await makeScene()
    const notifyAgain = await keepFromTrail(
      fixture.owner,
      uniqueName('untold'),
      `NEW.action = '${action}' AND NEW.space_id = '${id}'`,
    )
    try {
      await expect(deleteSpace(fixture.as(owner), { space, confirmation: space.name })).rejects.toMatchObject({
        code: 'trail_unavailable',
      })
      const row = await fixture.services.db.space.findUniqueOrThrow({
        where: { id },
        select: { status: true, offers: { select: { state: true } }, credentials: { select: { revokedAt: true } } },
      })
      expect(row).toEqual({
        status: 'ready',
        offers: [{ state: 'open' }],
        credentials: [{ revokedAt: null }, { revokedAt: null }],
      })
    } finally {
      await notifyAgain()
    }
  },
)
