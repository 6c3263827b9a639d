import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { markRead } from '#lib/features/inbox/use-cases/mark-read.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { createSpace } from './create-space.ts'
import { readSpace } from './read-space.ts'

/** The same action several times at once (a double click, two tabs) is one change and one row of the trail. */
let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

const times = [1, 2, 3]

async function makeSpace() {
  const [owner, friend] = await Promise.all([fixture.person('owner'), fixture.person('friend')])
  const space = { name: uniqueName('once') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  return { owner, friend, space, spaceId: (await readSpace(fixture.as(owner), space)).id }
}

const rowsOf = async (action: string, targetId: string) =>
  (
    await fixture.owner.query(
      'SELECT outcome FROM audit_event WHERE action = $1 AND target_id = $2 AND intent_id IS NULL',
      [action, targetId],
    )
  ).rowCount

test('a grant is removed once: the other attempts find none', async () => {
  const { owner, friend, space, spaceId } = await makeSpace()
  await addGrant(fixture.as(owner), { space, principal: friend.handle, role: 'viewer' })
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantId = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === friend.handle)?.id
  const results = await Promise.allSettled(
    times.map(() => removeGrant(fixture.as(owner), { space, grantId: grantId ?? '' })),
  )
  expect(results.map((result) => (result.status === 'rejected' ? result.reason.code : 'removed')).sort()).toEqual([
    'not_found',
    'not_found',
    'removed',
  ])
  const trail = (await fixture.trailOf(spaceId)).filter(({ action }) => action === 'grant.remove')
  expect(trail.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1)
})

test('a credential is revoked once', async () => {
  const person = await fixture.person('revoker')
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [id, person.userId, Buffer.from(id)],
  )
  await Promise.all(times.map(() => revokeCredential(fixture.as(person), { id })))
  expect(await rowsOf('credential.revoke', id)).toBe(1)
})

test('an event is marked as read once', async () => {
  const { owner, spaceId } = await makeSpace()
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, space_id, created_at) VALUES ($1, $2, 'sessions-ended', '{}', $3, now())`,
    [id, owner.userId, spaceId],
  )
  await Promise.all(times.map(() => markRead(fixture.as(owner), { id })))
  await markRead(fixture.as(owner), { id })
  expect(await rowsOf('inbox.read', id)).toBe(1)
})

test('an expired offer that is replaced is recorded as expired', async () => {
  const { owner, friend, space, spaceId } = await makeSpace()
  await offerSpace(fixture.as(owner), { space, to: friend.handle })
  const clock = () => new Date(Date.now() + 8 * dayMs)
  await offerSpace(fixture.as(owner, { clock }), { space, to: friend.handle })
  const trail = (await fixture.trailOf(spaceId)).filter(({ action }) => action.startsWith('space.offer'))
  expect(trail.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['space.offer', 'ok'],
    ['space.offer', 'ok'],
    ['space.offer-expire', 'ok'],
  ])
})

test.each([
  ['longer in bytes than a group’s name may be', `group:${'€'.repeat(1_000)}`],
  ['with a control character', 'group:a\u0000b'],
  ['not a person, with a control character', 'a\u0000b'],
])('a name %s is refused as unknown, not as an outage', async (_what, principal) => {
  const { owner, space } = await makeSpace()
  await expect(addGrant(fixture.as(owner), { space, principal, role: 'viewer' })).rejects.toMatchObject({
    code: 'principal_unknown',
    fields: { principal: expect.any(String) },
  })
})
