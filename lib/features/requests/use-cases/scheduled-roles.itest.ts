import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { decideRequest } from './decide-request.ts'
import { readRequest } from './read-request.ts'
import { requestRole } from './request-role.ts'

let fixture: BrokerFixture
let owner: Actor
let space: { name: string }
let spaceId: string
beforeAll(async () => {
  fixture = await openBrokerFixture()
  owner = await fixture.person('owner')
  space = { name: uniqueName('later') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  ;({ id: spaceId } = await readSpace(fixture.as(owner), space))
})
afterAll(() => fixture.close())

const hourMs = 3_600_000
const clockAt = (at: Date) => ({ clock: () => at })
const after = (ms: number, from = new Date()) => new Date(from.getTime() + ms)

async function approve(id: string, minutes: number | null = null) {
  const { payloadHash } = await readRequest(fixture.as(owner), { id })
  await decideRequest(fixture.as(owner), { id, payloadHash, decision: 'approve', reason: '', minutes })
}

test('a scheduled role grants nothing before its start, then the worker applies it to the cluster once', async () => {
  const guest = await fixture.person('guest')
  const startsAt = after(2 * hourMs)
  const { id } = await requestRole(fixture.as(guest), {
    space,
    role: 'editor',
    minutes: 60,
    startsAt,
    reason: 'release',
  })
  await approve(id)
  const rolesOf = async (at: Date) =>
    (await loadDesiredSpace(fixture.services.db, spaceId, at))?.wanted.members
      .filter(({ member }) => member.userId === guest.userId)
      .map(({ role }) => role)
  expect(await rolesOf(after(-1, startsAt))).toEqual([])
  expect(await rolesOf(startsAt)).toEqual(['editor'])
  expect(await rolesOf(after(hourMs, startsAt))).toEqual([])
  await expect(readSpace(fixture.as(guest), space)).rejects.toMatchObject({ code: 'not_found' })
  const { grants } = await listGrants(fixture.as(owner), space)
  expect(grants).toMatchObject([{ role: 'editor', startsAt, endsAt: after(hourMs, startsAt) }])

  const starts = async () => (await fixture.trailOf(spaceId)).filter(({ action }) => action === 'grant.start')
  await expireDue(fixture.system())
  expect(await starts()).toEqual([])
  const { generation } = await fixture.services.db.space.findUniqueOrThrow({ where: { id: spaceId } })
  const started = fixture.system(clockAt(startsAt))
  await expireDue(started)
  await expireDue(started)
  expect(await starts()).toHaveLength(1)
  expect(await fixture.services.db.space.findUniqueOrThrow({ where: { id: spaceId } })).toMatchObject({
    generation: generation + 1,
  })
  expect(await readSpace(fixture.as(guest, clockAt(startsAt)), space)).toMatchObject({ standing: 'editor' })
})

test('a member sees when their role ends and which one starts later; an owner’s never ends', async () => {
  const [guest, group] = [await fixture.person('guest', { groups: ['crew'] }), 'group:crew']
  await addGrant(fixture.as(owner), { space, principal: group, role: 'viewer', endsAt: null })
  const look = async (who: Actor, at = new Date()) => {
    const { standing, standingEndsAt, later } = await readSpace(fixture.as(who, clockAt(at)), space)
    const { rows } = await listSpaces(fixture.as(who, clockAt(at)), { search: space.name })
    expect(rows[0]).toMatchObject({ standing, standingEndsAt, later })
    return { standing, standingEndsAt, later }
  }
  expect(await look(guest)).toEqual({ standing: 'viewer', standingEndsAt: null, later: null })
  const startsAt = after(hourMs)
  const { id } = await requestRole(fixture.as(guest), {
    space,
    role: 'editor',
    minutes: 60,
    startsAt,
    reason: 'release',
  })
  await approve(id)
  const later = { role: 'editor', startsAt }
  expect(await look(guest)).toEqual({ standing: 'viewer', standingEndsAt: null, later })
  const ends = after(hourMs, startsAt)
  expect(await look(guest, startsAt)).toEqual({ standing: 'editor', standingEndsAt: ends, later: null })
  expect(await look(guest, ends)).toEqual({ standing: 'viewer', standingEndsAt: null, later: null })
  expect(await look(owner)).toEqual({ standing: 'owner', standingEndsAt: null, later: null })
})

test('a role approved after its scheduled start begins on approval and keeps its requested duration', async () => {
  const guest = await fixture.person('guest')
  const asked = after(-2 * hourMs)
  const { id } = await requestRole(fixture.as(guest, clockAt(asked)), {
    space,
    role: 'viewer',
    minutes: 30,
    startsAt: after(hourMs, asked),
    reason: 'release',
  })
  const before = Date.now()
  await approve(id)
  const { endsAt } = await readRequest(fixture.as(guest), { id })
  expect(endsAt?.getTime()).toBeGreaterThanOrEqual(before + 30 * 60_000)
  expect(await readSpace(fixture.as(guest), space)).toMatchObject({ standing: 'viewer' })
})

test('a role is requested for 15 minutes to 365 days, and starts within 30 days', async () => {
  const guest = await fixture.person('guest')
  const ask = (term: { minutes: number; startsAt?: Date }) =>
    requestRole(fixture.as(guest), { space, role: 'admin', reason: 'release', ...term })
  for (const term of [
    { minutes: 14 },
    { minutes: 15.5 },
    { minutes: 525_601 },
    { minutes: 60, startsAt: after(-1) },
    { minutes: 60, startsAt: after(31 * 24 * hourMs) },
    { minutes: 60, startsAt: new Date(Number.NaN) },
  ])
    await expect(ask(term), JSON.stringify(term)).rejects.toMatchObject({ code: 'bad_input' })
  await ask({ minutes: 15, startsAt: after(29 * 24 * hourMs) })
})

test('an approver can shorten a duration but not extend it', async () => {
  const guest = await fixture.person('guest')
  for (const [minutes, lasts] of [
    [15, 15],
    [600, 60],
  ] as const) {
    const { id } = await requestRole(fixture.as(guest), { space, role: 'editor', minutes: lasts, reason: 'release' })
    const before = Date.now()
    await approve(id, minutes)
    const { endsAt } = await readRequest(fixture.as(guest), { id })
    const granted = (endsAt?.getTime() ?? 0) - before
    expect(granted).toBeGreaterThanOrEqual(Math.min(minutes, lasts) * 60_000)
    expect(granted).toBeLessThan(Math.min(minutes, lasts) * 60_000 + 40_000)
  }
})

test('a scheduled role can’t be given an end before its start', async () => {
  const guest = await fixture.person('guest')
  const startsAt = after(2 * hourMs)
  const { id } = await requestRole(fixture.as(guest), {
    space,
    role: 'admin',
    minutes: 60,
    startsAt,
    reason: 'release',
  })
  await approve(id)
  const { grants } = await listGrants(fixture.as(owner), space)
  const grantId = grants.find(({ role, startsAt }) => role === 'admin' && startsAt !== null)?.id ?? ''
  const change = changeGrant(fixture.as(owner), { space, grantId, endsAt: after(hourMs) })
  await expect(change).rejects.toMatchObject({ code: 'end_in_past' })
})
