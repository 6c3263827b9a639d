import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import type { ChosenSpace } from '#lib/features/spaces/model/space-choice.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { forEachSpace } from './for-each-space.ts'

let fixture: BrokerFixture
let admin: Actor
let owner: Actor
let spaces: ChosenSpace[]

beforeAll(async () => {
  fixture = await openBrokerFixture()
}, 300_000)
afterAll(() => fixture.close())
beforeEach(async () => {
  ;[admin, owner] = await Promise.all([fixture.person('admin', { platformRole: 'admin' }), fixture.person('owner')])
  for (let count = 0; count < 3; count++)
    await createSpace(fixture.as(owner), { name: uniqueName('many'), description: '', size: 'S', endsAt: null })
  spaces = await listed()
})

const listed = async () =>
  (await listSpaces(fixture.as(owner), {})).rows.map(({ id, cluster, name }) => ({ id, cluster, name }))
const code = (error: unknown) => {
  if (!isAppError(error)) throw error
  return error.code
}
const statuses = async () =>
  (await listSpaces(fixture.as(owner), {})).rows.map(({ status, endsAt }) => [status, endsAt])
const remove = (who: Actor, which: readonly ChosenSpace[]) =>
  forEachSpace(which, (space) => deleteSpace(fixture.as(who), { space, confirmation: space.name }), code)
const end = (who: Actor, which: readonly ChosenSpace[], endsAt: Date) =>
  forEachSpace(which, (space) => updateSpace(fixture.as(who), { space, endsAt }), code)
const whys = async (outcomes: Promise<{ why: string | null }[]>) => (await outcomes).map(({ why }) => why)

/** @returns the trail's entries about a person's actions on spaces, as `action outcome` */
const trail = async (who: Actor) => {
  const { rows } = await fixture.services.pool.query(
    `SELECT i.action, i.target_name, o.outcome FROM audit_event i JOIN audit_event o ON o.intent_id = i.id
     WHERE i.actor_handle = $1 ORDER BY i.seq`,
    [who.handle],
  )
  return rows
}

const later = new Date('2030-01-31T23:59:59Z')

test('an admin ends and deletes several spaces, each checked and recorded separately', async () => {
  expect(await whys(end(admin, spaces, later))).toEqual([null, null, null])
  expect(await statuses()).toEqual(spaces.map(() => ['ready', later]))
  expect(await whys(remove(admin, spaces))).toEqual([null, null, null])
  const entries = await trail(admin)
  for (const action of ['space.update', 'space.delete'])
    expect(
      entries
        .filter((row) => row.action === action)
        .map((row) => row.target_name)
        .sort(),
    ).toEqual(spaces.map(({ name }) => name).sort())
})

test('a failure doesn’t stop the others', async () => {
  await remove(owner, spaces.slice(0, 1))
  expect(await whys(end(admin, spaces, later))).toEqual([
    expect.stringMatching(/^(space_deleting|not_found)$/),
    null,
    null,
  ])
})

test('a member can’t change other people’s spaces, or learn whether they exist', async () => {
  const stranger = await fixture.person('stranger')
  const none = { id: randomUUID(), cluster: spaces[0]?.cluster ?? '', name: uniqueName('none') }
  expect(await whys(remove(stranger, [...spaces, none]))).toEqual(Array(4).fill('not_found'))
  expect(await whys(end(stranger, [...spaces, none], later))).toEqual(Array(4).fill('not_found'))
  expect(await statuses()).toEqual(spaces.map(() => ['ready', null]))
})

test('an admin can’t change anything after their role ended while the dialog was open', async () => {
  await fixture.services.db.user.update({ where: { id: admin.userId }, data: { platformRole: 'member' } })
  // The context is from before.
  expect(await whys(remove(admin, spaces))).toEqual(Array(3).fill('not_found'))
  expect(await statuses()).toEqual(spaces.map(() => ['ready', null]))
})

test('a space recreated with the same name is another space', async () => {
  const [first] = spaces
  if (!first) throw new Error('there are three')
  const replaced = { ...first, id: randomUUID() }
  expect(await whys(remove(admin, [replaced]))).toEqual(['not_found'])
  expect(await whys(end(owner, [replaced], later))).toEqual(['not_found'])
  expect(await statuses()).toEqual(spaces.map(() => ['ready', null]))
  // An id with another space's name doesn't work either.
  expect(await whys(remove(admin, [{ ...first, name: spaces[1]?.name ?? '' }]))).toEqual(['not_found'])
  expect(await whys(remove(admin, [first]))).toEqual([null])
})

test('the same space given twice is changed once', async () => {
  const [first] = spaces
  if (!first) throw new Error('there are three')
  expect(await whys(remove(admin, [first, first]))).toEqual([null, null])
  expect((await trail(admin)).filter(({ action }) => action === 'space.delete')).toHaveLength(1)
})

test('several spaces are offered to one person, with a separate offer for each', async () => {
  const newOwner = await fixture.person('new-owner')
  const offer = (reason: string) =>
    forEachSpace(
      spaces,
      (space) => offerSpace(fixture.as(admin), { space, to: `user:${newOwner.handle}`, reason }),
      code,
    )
  expect(await whys(offer(''))).toEqual(Array(3).fill('bad_input'))
  expect(await whys(offer('They leave the team.'))).toEqual([null, null, null])
  expect((await listOffers(fixture.as(newOwner), undefined)).map(({ space }) => space.name).sort()).toEqual(
    spaces.map(({ name }) => name).sort(),
  )
  expect(await whys(offer('Again.'))).toEqual(Array(3).fill('offer_exists'))
})
