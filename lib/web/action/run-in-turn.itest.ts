import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { isAboutOne } from '#app/spaces/[name]/access/added-in-words.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { runInTurn } from './run-in-turn.ts'

let fixture: BrokerFixture
let owner: Actor
let people: Actor[]
let name: string

beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())
beforeEach(async () => {
  name = uniqueName('in-turn')
  owner = await fixture.person('owner')
  people = await Promise.all(['ann', 'ben', 'cai'].map((one) => fixture.person(one)))
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
})

type Terms = { role?: Role; endsAt?: Date | null; reason?: string }

const handles = () => people.map(({ handle }) => `user:${handle}`)

/** Adds members as the form does, and gives the codes of errors. */
async function add(who: Actor, principals: readonly string[], terms: Terms = {}, before?: (one: string) => unknown) {
  const { done, refused, stop } = await runInTurn(
    principals,
    async (principal) => {
      await before?.(principal)
      return addGrant(fixture.as(who), { space: { name }, principal, role: 'viewer', ...terms })
    },
    isAboutOne,
  )
  return {
    done: done.map(({ one }) => one),
    refused: refused.map(({ one, error }) => [one, error.code]),
    stop: stop && [stop.one, isAppError(stop.error) ? stop.error.code : stop.error],
  }
}

const members = async () =>
  (await listGrants(fixture.as(owner), { name })).grants.map(({ principal }) =>
    principal.kind === 'user' ? `user:${principal.handle}` : `group:${principal.name}`,
  )

/** @returns the principals of a person's grants in the trail, with the outcome */
async function trail(who: Actor) {
  const { rows } = await fixture.services.pool.query(
    `SELECT i.detail->>'principal' AS principal, o.outcome FROM audit_event i JOIN audit_event o ON o.intent_id = i.id
     WHERE i.actor_handle = $1 AND i.action = 'grant.add' ORDER BY i.seq`,
    [who.handle],
  )
  return rows
}

test('sixteen people and groups are added in order, each recorded separately', async () => {
  const all = [...handles(), ...Array.from({ length: 13 }, (_, at) => `group:team-${at}`)]
  expect(await add(owner, all)).toEqual({ done: all, refused: [], stop: null })
  expect((await members()).sort()).toEqual(all.toSorted())
  expect((await trail(owner)).map(({ outcome }) => outcome)).toEqual(all.map(() => 'ok'))
})

test('one who can’t be added doesn’t keep the others out', async () => {
  const [ann = '', ben = '', cai = ''] = handles()
  await add(owner, [ben])
  expect(await add(owner, [ann, ben, 'no-one-at-all', `user:${owner.handle}`, cai])).toEqual({
    done: [ann, cai],
    refused: [
      [ben, 'grant_exists'],
      ['no-one-at-all', 'principal_unknown'],
      [`user:${owner.handle}`, 'grant_owner'],
    ],
    stop: null,
  })
  expect((await members()).sort()).toEqual(handles().sort())
})

test('an error about the form adds no one, and is tried once', async () => {
  const admin = await fixture.person('admin', { platformRole: 'admin' })
  const [first] = handles()
  const past = new Date('2020-01-01T23:59:59Z')
  expect(await add(owner, handles(), { endsAt: past })).toEqual({ done: [], refused: [], stop: [first, 'end_in_past'] })
  expect(await add(admin, handles())).toEqual({ done: [], refused: [], stop: [first, 'bad_input'] })
  expect(await members()).toEqual([])
  expect(await add(admin, handles(), { reason: 'The owner is on leave.' })).toMatchObject({ done: handles() })
})

test('people without the right add no one: a viewer, a stranger, an admin beyond their own end', async () => {
  const [viewer, admin, stranger] = await Promise.all(['viewer', 'admin', 'stranger'].map((one) => fixture.person(one)))
  if (!viewer || !admin || !stranger) throw new Error('there are three')
  const soon = new Date('2999-01-01T23:59:59Z')
  await add(owner, [viewer.handle])
  await add(owner, [admin.handle], { role: 'admin', endsAt: soon })
  const [first] = handles()
  const before = await members()
  expect(await add(viewer, handles())).toEqual({ done: [], refused: [], stop: [first, 'forbidden'] })
  expect(await add(stranger, handles())).toEqual({ done: [], refused: [], stop: [first, 'not_found'] })
  expect(await add(admin, handles())).toEqual({ done: [], refused: [], stop: [first, 'beyond_own'] })
  expect(await members()).toEqual(before)
  expect(await add(admin, handles(), { endsAt: soon })).toMatchObject({ done: handles() })
})

test('an admin adds no one after their role was removed', async () => {
  const admin = await fixture.person('admin')
  await add(owner, [admin.handle], { role: 'admin' })
  const [ann = '', ben = ''] = handles()
  const result = await add(admin, handles(), {}, async (principal) => {
    if (principal === ben)
      await fixture.owner.query('UPDATE space_grant SET removed_at = now() WHERE user_id = $1', [admin.userId])
  })
  expect(result).toEqual({ done: [ann], refused: [], stop: [ben, 'not_found'] })
  expect(await members()).toEqual([ann])
})

test('a used-up allowance stops the rest, and what was done before stays', async () => {
  const [ann = '', ben = '', cai = ''] = handles()
  const allowance = new Set([ann, ben])
  const result = await add(owner, handles(), {}, (principal) => {
    if (!allowance.has(principal)) throw new AppError('rate_limited')
  })
  expect(result).toEqual({ done: [ann, ben], refused: [], stop: [cai, 'rate_limited'] })
  expect((await members()).sort()).toEqual([ann, ben].sort())
})
