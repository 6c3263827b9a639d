import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { provision, reachOf, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { noteScimTokenUse } from '#lib/features/scim/db/scim-tokens.ts'
import { readPushedGroups } from '#lib/features/scim/use-cases/read-pushed-groups.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { idleDays } from '#lib/kernel/model/people/group-lifetime.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { notifyPushedSuspension, suspendPushedGroups } from './suspend-pushed-groups.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
beforeAll(async () => {
  fixture = await openBrokerFixture()
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
})
afterEach(() => scene.reset())
afterAll(() => fixture.close())

async function pushedRole() {
  const group = uniqueName('team')
  const [owner, member] = [await fixture.person('owner'), await fixture.person('member')]
  const name = uniqueName('idle')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(owner), { space: { name }, principal: `group:${group}`, role: 'editor' })
  const { id } = await readSpace(fixture.as(owner), { name })
  const token = await tokenOf(fixture, { makers: [] })
  const pushed = await token.push(group, [await provision(token.idp, member)])
  return { id, name, group, pushed, member, token }
}
const idleFor = (hours: number) =>
  fixture.owner.query(`UPDATE scim_token SET last_used_at = now() - $1 * interval '1 hour'`, [hours])
const generationOf = async (id: string) =>
  (await fixture.owner.query('SELECT generation FROM space WHERE id = $1', [id])).rows[0].generation
const inside = { gateway: true, cluster: true }
const outside = { gateway: false, cluster: false }

test('after two weeks without a token’s use, pushed memberships count for as many hours as claims, then are suspended; a use restores them', async () => {
  const { id, name, pushed, group, member, token } = await pushedRole()
  const standing = () =>
    readSpace(fixture.as(member), { name }).then(
      (space) => space.standing,
      ({ code }) => code,
    )
  await idleFor(idleDays * 24 + 23)
  expect(await reachOf(fixture, member, id)).toEqual(inside)
  expect(await suspendPushedGroups(fixture.system())).toEqual({ paused: 0, resumed: 0 })

  await idleFor(idleDays * 24 + 24.1)
  expect(await reachOf(fixture, member, id)).toEqual(outside)
  expect(await standing()).toBe('not_found')
  const before = await generationOf(id)
  const runs = await Promise.all([1, 2].map(() => suspendPushedGroups(fixture.system())))
  expect(runs.reduce((sum, { paused }) => sum + paused, 0)).toBe(1)
  expect(await generationOf(id)).toBe(before + 1)
  const { rows } = await readPushedGroups(fixture.as(admin), {})
  expect(rows.find((row) => row.name === group)).toMatchObject({ paused: true })

  const { rows: noticed } = await fixture.owner.query('SELECT count(*)::int AS n FROM access_change')
  await noteScimTokenUse(fixture.services.pool, token.tokenId, { at: new Date(), before: new Date(), address: null })
  expect(await reachOf(fixture, member, id)).toEqual(inside)
  expect(await standing()).toBe('editor')
  const { rows: notices } = await fixture.owner.query('SELECT count(*)::int AS n FROM access_change')
  expect(notices[0].n, 'gateways reload their data').toBeGreaterThan(noticed[0].n)
  expect(await suspendPushedGroups(fixture.system())).toEqual({ paused: 0, resumed: 1 })
  expect(await generationOf(id)).toBe(before + 2)
  const { rows: trail } = await fixture.owner.query(
    `SELECT action FROM audit_event WHERE target_id = $1 AND actor_kind = 'system' ORDER BY seq`,
    [pushed.id],
  )
  expect(trail.map(({ action }) => action)).toEqual(['provisioning.group-pause', 'provisioning.group-resume'])
})

test('a policy without a limit for groups has none for pushed ones either', async () => {
  const { id, member } = await pushedRole()
  await idleFor(1_000)
  expect(await reachOf(fixture, member, id)).toEqual(outside)
  await scene.save({ groupHours: null })
  expect(await reachOf(fixture, member, id)).toEqual(inside)
})

test('platform admins are notified once, three days before', async () => {
  await pushedRole()
  const told = async () =>
    (await listInbox(fixture.as(admin), {})).rows.filter(({ event }) => event.kind === 'provisioning-idle').length
  await fixture.owner.query(
    `INSERT INTO identity_provider (issuer, asked_at, failures) VALUES ('https://issuer.test', now(), 0) ON CONFLICT DO NOTHING`,
  )
  await idleFor(idleDays * 24 + 24 - 73)
  expect(await notifyPushedSuspension(fixture.system())).toBe(false)
  await idleFor(idleDays * 24 + 24 - 71)
  expect(await notifyPushedSuspension(fixture.system())).toBe(true)
  await notifyPushedSuspension(fixture.system())
  expect(await told()).toBe(1)
})
