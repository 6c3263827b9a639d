import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { setSpaceOwner } from '#lib/features/offers/db/offer-rows.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { decideRequest } from './decide-request.ts'
import { listRequests } from './list-requests.ts'
import { readRequest } from './read-request.ts'
import { requestRole } from './request-role.ts'
import { requestSize } from './request-size.ts'
import { requestSpace } from './request-space.ts'
import { withdrawRequest } from './withdraw-request.ts'

let fixture: BrokerFixture
let owner: Actor
let admin: Actor
/** A space that the owner owns. */
let name: string
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  ;[owner, admin] = await Promise.all([fixture.person('owner'), fixture.person('padmin', { platformRole: 'admin' })])
  name = await spaceOf(owner)
})
afterAll(() => fixture.close())

async function spaceOf(person: Actor): Promise<string> {
  const made = uniqueName('risky')
  await createSpace(fixture.as(person), { name: made, description: '', size: 'S', endsAt: null })
  return made
}

/** Rows as a sign-in and a worker would leave them. These tests cover who can see them. */
async function ownSpaces(person: Actor, sizes: readonly string[], usage?: unknown): Promise<string[]> {
  const { rows } = await fixture.owner.query<{ id: string; name: string }>(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
     SELECT gen_random_uuid(), (SELECT id FROM cluster LIMIT 1), n, n, n, size::space_size, $1, 'ready'
     FROM unnest($2::text[], $3::text[]) AS given (n, size) RETURNING id, name`,
    [person.userId, sizes.map(() => uniqueName('own')), sizes],
  )
  if (usage)
    await fixture.owner.query(
      `INSERT INTO space_usage (space_id, usage, observed_at) SELECT unnest($1::uuid[]), $2, now()`,
      [rows.map(({ id }) => id), JSON.stringify(usage)],
    )
  return rows.map((row) => row.name)
}

const use = (resource: string, used: string, hard: string) => ({ resource, used, hard, ratio: 0.5 })
const askRole = (person: Actor, space = name, role: 'viewer' | 'editor' | 'admin' = 'editor') =>
  requestRole(fixture.as(person), { space: { name: space }, role, minutes: 10_080, reason: 'on call' })
const input = (size: 'S' | 'L' = 'L') => ({ name: uniqueName('requested'), description: '', size, endsAt: null })
const read = (person: Actor, { id }: { id: string }) => readRequest(fixture.as(person), { id })

async function decide(person: Actor, { id }: { id: string }, decision: 'approve' | 'deny' = 'approve') {
  const { payloadHash } = await read(person, { id })
  await decideRequest(fixture.as(person), { id, payloadHash, decision, reason: 'looked at', minutes: null })
}

test('an approver of a space sees both limits, the requester’s spaces by size, and their total usage', async () => {
  const asker = await fixture.person('full', { groups: [uniqueName('team')] })
  await ownSpaces(
    asker,
    ['S', 'S', 'M', 'L', 'S'],
    [use('requests.cpu', '100m', '2'), use('requests.memory', '1Gi', '4Gi'), use('secrets', '3', '100')],
  )
  const { context, excess } = await read(admin, await requestSpace(fixture.as(asker), { ...input(), reason: 'more' }))
  expect(excess).toEqual(['space_limit', 'size_limit'])
  expect(context).toMatchObject({
    groups: { names: asker.groups, count: 1 },
    spaces: { owned: 5, limit: 5, bySize: { S: 3, M: 1, L: 1 } },
    holders: null,
  })
  expect(context?.usage).toEqual([
    { resource: 'requests.cpu', used: '0.5', hard: '10', ratio: 0.05 },
    { resource: 'requests.memory', used: String(5 * 2 ** 30), hard: String(20 * 2 ** 30), ratio: 0.25 },
  ])
})

test('an approver of a role sees five current holders of that role and their number', async () => {
  const [asker, keeper] = [await fixture.person('asker'), await fixture.person('keeper')]
  const space = await spaceOf(keeper)
  const add = (principal: string, role: 'viewer' | 'editor') =>
    addGrant(fixture.as(keeper), { space: { name: space }, principal, role, endsAt: null })
  const editors = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => fixture.person(`ed-${letter}`)))
  for (const { handle } of editors) await add(`user:${handle}`, 'editor')
  const group = uniqueName('crew')
  await fixture.person('crewed', { groups: [group] })
  await add(`group:${group}`, 'editor')
  await add(`user:${(await fixture.person('watcher')).handle}`, 'viewer')
  const id = await askRole(asker, space)
  const names = editors.map((editor) => editor.name).sort()
  expect((await read(keeper, id)).context?.holders).toEqual({
    first: names.slice(0, 5).map((each) => ({ name: each, isGroup: false })),
    count: 7,
  })
  await fixture.owner.query(`UPDATE space_grant SET ends_at = now() WHERE user_id = ANY ($1)`, [
    editors.slice(1).map(({ userId }) => userId),
  ])
  expect((await read(keeper, id)).context?.holders).toEqual({
    first: [
      { name: editors[0]?.name, isGroup: false },
      { name: group, isGroup: true },
    ],
    count: 2,
  })
})

test('history counts requests of the same kind by state and lists the last five', async () => {
  const asker = await fixture.person('regular')
  await ownSpaces(asker, ['S', 'S', 'S', 'S', 'S'])
  const ask = () => requestSpace(fixture.as(asker), { ...input(), reason: 'again' })
  await decide(admin, await ask())
  await decide(admin, await ask(), 'deny')
  for (let times = 0; times < 4; times++) await withdrawRequest(fixture.as(asker), await ask())
  await askRole(asker)
  const stale = await ask()
  await fixture.owner.query(`UPDATE request SET expires_at = now() WHERE id = $1`, [stale.id])
  const { context } = await read(admin, await ask())
  expect(context?.history.counts).toEqual({ approved: 1, denied: 1, withdrawn: 4, expired: 1 })
  expect(context?.history.last.map(({ state }) => state)).toEqual([
    'expired',
    'withdrawn',
    'withdrawn',
    'withdrawn',
    'withdrawn',
  ])
})

test('a requester learns nothing about anyone else, and a stranger cannot tell whether the space exists', async () => {
  const stranger = await fixture.person('stranger')
  const insider = await fixture.person('insider')
  await addGrant(fixture.as(owner), {
    space: { name },
    principal: `user:${insider.handle}`,
    role: 'editor',
    endsAt: null,
  })
  const nowhere = uniqueName('nowhere')
  const seen = async (space: string) => {
    const detail = await read(stranger, await askRole(stranger, space))
    expect(JSON.stringify(detail)).not.toContain(insider.handle)
    expect(JSON.stringify(detail)).not.toContain(owner.handle)
    const { id: _, payloadHash: __, createdAt: ___, expiresAt: ____, payload, space: _____, ...rest } = detail
    return { ...rest, payload: { ...payload, spaceId: '', space: '' } }
  }
  expect(await seen(name)).toEqual(await seen(nowhere))
  expect(await seen(uniqueName('nowhere'))).toMatchObject({ context: null, opensSpace: false, next: null, made: null })
})

test('a requester who is a member sees only their own role; other members and strangers cannot see the request', async () => {
  const [member, other, stranger] = [
    await fixture.person('member'),
    await fixture.person('other'),
    await fixture.person('stranger'),
  ]
  for (const [person, role] of [
    [member, 'viewer'],
    [other, 'admin'],
  ] as const)
    await addGrant(fixture.as(owner), { space: { name }, principal: `user:${person.handle}`, role, endsAt: null })
  const id = await askRole(member)
  const own = await read(member, id)
  expect(own).toMatchObject({ isOwn: true, context: null, before: 'viewer', after: 'editor', opensSpace: true })
  expect(JSON.stringify(own)).not.toContain(other.handle)
  for (const person of [other, stranger]) await expect(read(person, id)).rejects.toMatchObject({ code: 'not_found' })
})

test('an owner who decides learns nothing about other spaces, neither sizes nor requests', async () => {
  const asker = await fixture.person('busy')
  const [secretSpace = ''] = await ownSpaces(asker, ['M'])
  await askRole(asker, await spaceOf(await fixture.person('elsewhere')))
  await askRole(asker, uniqueName('nowhere'))
  await requestSize(fixture.as(asker), { space: { name: secretSpace }, size: 'L', reason: 'it grew' })
  const before = await askRole(asker, name, 'viewer')
  await decide(owner, before, 'deny')
  const detail = await read(owner, await askRole(asker))
  expect(detail.context).toMatchObject({ spaces: { owned: 1, bySize: null } })
  expect(detail.context?.history.last.map(({ id }) => id)).toEqual([before.id])
  expect(detail.context?.history.counts).toEqual({ denied: 1 })
  expect(JSON.stringify(detail)).not.toContain(secretSpace)
})

test('a platform admin does not see the names of missing spaces that a person requested', async () => {
  const asker = await fixture.person('guesser')
  const nowhere = uniqueName('nowhere')
  const guess = await askRole(asker, nowhere)
  await withdrawRequest(fixture.as(asker), guess)
  await askRole(asker, uniqueName('nowhere'))
  const detail = await read(admin, await askRole(asker))
  expect(detail.context?.history).toEqual({ last: [], counts: {} })
})

test('with an exact-match directory, owners see how many groups a requester has, and platform admins see which', async () => {
  const group = uniqueName('hush')
  const asker = await fixture.person('grouped', { groups: [group] })
  const id = await askRole(asker)
  const exact = { policy: { ...fixture.services.policy, directory: 'exact' as const } }
  const seen = async (person: Actor, changed = {}) =>
    (await readRequest(fixture.as(person, changed), id)).context?.groups
  expect(await seen(owner)).toEqual({ names: [group], count: 1 })
  expect(await seen(owner, exact)).toEqual({ names: null, count: 1 })
  expect(await seen(admin, exact)).toEqual({ names: [group], count: 1 })
})

test('a former owner can no longer see the request; the new owner decides', async () => {
  const [first, second, asker] = [
    await fixture.person('first'),
    await fixture.person('second'),
    await fixture.person('asker'),
  ]
  const space = await spaceOf(first)
  const id = await askRole(asker, space)
  expect(await read(first, id)).toMatchObject({ mayDecide: true })
  const { rows } = await fixture.owner.query<{ id: string }>('SELECT id FROM space WHERE name = $1', [space])
  await fixture.services.db.$transaction((tx) => setSpaceOwner(tx, rows[0]?.id ?? '', second.userId))
  await expect(read(first, id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await read(second, id)).toMatchObject({ mayDecide: true, context: { spaces: { owned: 0 } } })
})

test('an approved role links to its space until it ends; afterwards its requester learns nothing about the space', async () => {
  const [asker, keeper] = [await fixture.person('asker'), await fixture.person('keeper')]
  const space = await spaceOf(keeper)
  const id = await askRole(asker, space)
  await decide(keeper, id)
  const current = { made: { state: 'current', endedAt: null }, opensSpace: true }
  for (const person of [asker, keeper, admin]) expect(await read(person, id)).toMatchObject(current)
  const gone = uniqueName('gone')
  await createSpace(fixture.as(keeper), { name: gone, description: '', size: 'S', endsAt: null })
  const held = await askRole(asker, gone)
  await decide(keeper, held)
  await deleteSpace(fixture.as(keeper), { space: { name: gone }, confirmation: gone })
  expect(await read(asker, held), 'the requester after the role has ended').toMatchObject({
    made: { state: 'ended', endedAt: expect.any(Date), spaceIsGone: true },
    opensSpace: false,
  })
  const after = { clock: () => new Date(Date.now() + 8 * 86_400_000) }
  const ended = await readRequest(fixture.as(asker, after), id)
  expect(ended).toMatchObject({ made: { state: 'ended', endedAt: ended.endsAt }, opensSpace: false })

  const { rows } = await fixture.owner.query<{ id: string }>('SELECT id FROM space_grant WHERE request_id = $1', [
    id.id,
  ])
  await removeGrant(fixture.as(keeper), { space: { name: space }, grantId: rows[0]?.id ?? '' })
  const removed = await read(asker, id)
  expect(removed).toMatchObject({ made: { state: 'ended', spaceIsGone: false }, opensSpace: false })
  await deleteSpace(fixture.as(keeper), { space: { name: space }, confirmation: space })
  expect(await read(asker, id)).toEqual(removed)
})

test('a scheduled role has no link before it starts', async () => {
  const [asker, keeper] = [await fixture.person('asker'), await fixture.person('keeper')]
  const startsAt = new Date(Date.now() + 86_400_000)
  const id = await requestRole(fixture.as(asker), {
    space: { name: await spaceOf(keeper) },
    role: 'viewer',
    minutes: 60,
    startsAt,
    reason: 'tomorrow',
  })
  await decide(keeper, id)
  expect(await read(asker, id)).toMatchObject({ made: { state: 'scheduled', endedAt: null }, opensSpace: false })
  const started = { clock: () => new Date(startsAt.getTime() + 60_000) }
  expect(await readRequest(fixture.as(asker, started), id)).toMatchObject({
    made: { state: 'current' },
    opensSpace: true,
  })
})

test('an approved space links to itself for its owner; after a transfer, the requester sees neither the space nor its end', async () => {
  const [asker, newOwner] = [await fixture.person('asker'), await fixture.person('new-owner')]
  const asked = input()
  const id = await requestSpace(fixture.as(asker), { ...asked, reason: 'more' })
  await decide(admin, id)
  expect(await read(asker, id)).toMatchObject({ made: { state: 'current' }, opensSpace: true })
  const { rows } = await fixture.owner.query<{ id: string }>('SELECT id FROM space WHERE name = $1', [asked.name])
  await fixture.services.db.$transaction((tx) => setSpaceOwner(tx, rows[0]?.id ?? '', newOwner.userId))
  const hidden = { made: { state: 'unknown', endedAt: null }, opensSpace: false }
  expect(await read(asker, id)).toMatchObject(hidden)
  await deleteSpace(fixture.as(newOwner), { space: { name: asked.name }, confirmation: asked.name })
  expect(await read(asker, id)).toMatchObject(hidden)
  expect(await read(admin, id)).toMatchObject({
    made: { state: 'ended', endedAt: expect.any(Date), spaceIsGone: true },
    opensSpace: false,
  })
})

test('after a decision the oldest open request comes next, in the order of the list', async () => {
  const keeper = await fixture.person('keeper')
  const space = await spaceOf(keeper)
  const askers = await Promise.all(['a', 'b', 'c'].map((letter) => fixture.person(`next-${letter}`)))
  const asked: { id: string }[] = []
  for (const asker of askers) asked.push(await askRole(asker, space))
  const [oldest, middle, newest] = asked.map(({ id }) => id)
  const waiting = async () => (await listRequests(fixture.as(keeper), { box: 'waiting' })).rows.map(({ id }) => id)
  expect(await waiting()).toEqual([oldest, middle, newest])
  await decide(keeper, { id: middle ?? '' })
  expect((await read(keeper, { id: middle ?? '' })).next).toEqual({ id: oldest, waiting: 2 })
  await decide(keeper, { id: oldest ?? '' }, 'deny')
  expect((await read(keeper, { id: oldest ?? '' })).next).toEqual({ id: newest, waiting: 1 })
  await decide(keeper, { id: newest ?? '' })
  expect((await read(keeper, { id: newest ?? '' })).next).toBeNull()
})
