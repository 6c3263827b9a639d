import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { selectPeopleOfCluster } from '#lib/kernel/db/people/select-people-of-cluster.ts'
import { loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { addGrant } from './add-grant.ts'
import { changeGrant } from './change-grant.ts'
import { listGrants } from './list-grants.ts'
import { removeGrant } from './remove-grant.ts'
import { searchPrincipals } from './search-principals.ts'

const former = 'https://issuer.test'
const present = 'https://present.test'

let fixture: BrokerFixture
let gatewayPool: pg.Pool
let owner: Actor
let space: { name: string }
let spaceId: string
let group: string
/** Members of groups with the same name at different providers. */
let theirs: Actor
let ours: Actor

beforeAll(async () => {
  fixture = await openBrokerFixture()
  const { gateway } = (await ownDatabase()).databaseUrls
  gatewayPool = new pg.Pool({ connectionString: gateway, options: '-c role=spaceport_gateway' })
})
afterAll(async () => {
  await gatewayPool.end()
  await fixture.close()
})
beforeEach(async () => {
  group = uniqueName('team')
  ;[owner, theirs, ours] = await Promise.all([
    fixture.person('owner'),
    fixture.person('theirs', { groups: [group] }),
    fixture.person('ours', { groups: [group], issuer: `${present}/` }),
  ])
  space = { name: uniqueName('teams') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  spaceId = (await readSpace(fixture.as(owner), space)).id
})

/** The portal after a change of OIDC_ISSUER. */
const afterwards = (actor: Actor, changed: Partial<Services> = {}) => fixture.as(actor, { issuer: present, ...changed })

const give = (ctx = fixture.as(owner), endsAt: Date | null = null) =>
  addGrant(ctx, { space, principal: `group:${group}`, role: 'editor', endsAt })

/** A portal with both providers; the present one is the main one. */
const withBoth = (actor: Actor) =>
  fixture.as(actor, {
    issuer: present,
    issuers: [present, former],
    providers: [
      { id: 'oidc', name: 'Ours', issuer: present },
      { id: 'theirs', name: 'Theirs', issuer: former },
    ],
  })

/** The person's role in the space, as read by each process. */
async function standingsOf(actor: Actor): Promise<Record<string, unknown>> {
  const tokenHash = randomBytes(32)
  await fixture.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), actor.userId, tokenHash],
  )
  const [access] = await selectAccess(gatewayPool, [tokenHash.toString('hex')], 'open')
  const wanted = await loadDesiredSpace(fixture.system().db, spaceId, new Date())
  const people = await selectPeopleOfCluster(fixture.system().db, 'default', new Date())
  const { rows: listed } = await listSpaces(fixture.as(actor), {})
  return {
    portal: (await readSpace(fixture.as(actor), space).catch(() => null))?.standing ?? null,
    listed: listed.find(({ name }) => name === space.name)?.standing ?? null,
    gateway: access?.spans.find((span) => span.spaceId === spaceId)?.role ?? null,
    cluster: wanted?.wanted.members.find(({ member }) => member.userId === actor.userId)?.role ?? null,
    known: people.some(({ userId }) => userId === actor.userId),
  }
}

const nothing = { portal: null, listed: null, gateway: null, cluster: null, known: false }
const editor = { portal: 'editor', listed: 'editor', gateway: 'editor', cluster: 'editor', known: true }

test('groups with the same name at different providers are separate in the portal, the gateway and the cluster', async () => {
  await give()
  expect(await standingsOf(theirs)).toEqual(editor)
  expect(await standingsOf(ours)).toEqual(nothing)
  await give(afterwards(owner))
  expect(await standingsOf(ours)).toEqual(editor)
  const { grants } = await listGrants(fixture.as(owner), space)
  const first = grants.find(({ principal }) => principal.kind === 'group' && principal.issuer === null)
  await removeGrant(fixture.as(owner), { space, grantId: first?.id ?? '' })
  expect(await standingsOf(theirs)).toEqual(nothing)
  expect(await standingsOf(ours)).toEqual(editor)
})

test('a former provider’s group is shown with its provider and can be removed; new groups belong to the present provider', async () => {
  await give()
  const theirGroup = { kind: 'group', name: group, issuer: null, people: 1 }
  expect((await listGrants(fixture.as(owner), space)).grants).toMatchObject([{ principal: theirGroup }])
  await give(afterwards(owner))
  const { grants } = await listGrants(afterwards(owner), space)
  expect(grants.map(({ principal }) => principal)).toEqual([
    { ...theirGroup, issuer: former },
    { ...theirGroup, issuer: null },
  ])
  await removeGrant(afterwards(owner), { space, grantId: grants[0]?.id ?? '' })
  expect((await listGrants(afterwards(owner), space)).grants).toMatchObject([{ principal: { issuer: null } }])
  expect(await standingsOf(theirs)).toEqual(nothing)
  const { rows } = await fixture.owner.query(
    `SELECT action, detail->>'principal' AS principal, detail->>'issuer' AS issuer FROM audit_event
     WHERE space_id = $1 AND action LIKE 'grant.%' AND intent_id IS NULL ORDER BY seq`,
    [spaceId],
  )
  const principal = `group:${group}`
  expect(rows).toEqual([
    { action: 'grant.add', principal, issuer: former },
    { action: 'grant.add', principal, issuer: present },
    { action: 'grant.remove', principal, issuer: former },
  ])
})

test('only groups of the present provider are found', async () => {
  const onlyTheirs = uniqueName('former')
  await fixture.person('former', { groups: [onlyTheirs] })
  const find = (ctx = fixture.as(owner), text = group) => searchPrincipals(ctx, { space, text })
  expect(await find()).toEqual([{ kind: 'group', id: group, people: 1, from: null }])
  expect(await find(afterwards(owner))).toEqual([{ kind: 'group', id: group, people: 1, from: null }])
  const exact = afterwards(owner, { policy: { ...fixture.services.policy, directory: 'exact' } })
  for (const ctx of [afterwards(owner), exact]) expect(await find(ctx, onlyTheirs)).toEqual([])
  await expect(
    addGrant(afterwards(owner), { space, principal: onlyTheirs, role: 'viewer', endsAt: null }),
  ).rejects.toMatchObject({ code: 'principal_unknown' })
})

test('the trail of an ended grant names the group’s provider, and a new grant replaces only the same provider’s ended one', async () => {
  const ends = new Date(Date.now() + 3_600_000)
  await give(fixture.as(owner), ends)
  await give(afterwards(owner), ends)
  const later = () => new Date(ends.getTime() + 1_000)
  await give(afterwards(owner, { clock: later }))
  const living = async () =>
    (
      await fixture.owner.query(
        `SELECT group_issuer AS issuer, ends_at FROM space_grant WHERE space_id = $1 AND removed_at IS NULL ORDER BY 1`,
        [spaceId],
      )
    ).rows
  expect(await living()).toEqual([
    { issuer: former, ends_at: ends },
    { issuer: present, ends_at: null },
  ])
  await expect(give(afterwards(owner, { clock: later }))).rejects.toMatchObject({ code: 'grant_exists' })
  await expireDue(fixture.system({ clock: later }))
  expect(await living()).toEqual([{ issuer: present, ends_at: null }])
  const { rows } = await fixture.owner.query(
    `SELECT detail->>'issuer' AS issuer FROM audit_event WHERE space_id = $1 AND action = 'grant.end'`,
    [spaceId],
  )
  expect(rows).toEqual([{ issuer: former }])
})

test('a sign-in that adds or removes a group affects only spaces of that provider’s group', async () => {
  await give()
  const generation = async () =>
    (await fixture.services.db.space.findUniqueOrThrow({ where: { id: spaceId } })).generation
  const signIn = (issuer: string, groups: string[]) =>
    savePerson(
      fixture.services.db,
      {
        issuer,
        subject: owner.userId,
        name: 'x',
        email: 'x',
        emailUnverified: false,
        groups,
        leftOut: [],
        platformRoleOf: () => 'member',
        listed: [],
        at: new Date(),
      },
      () => uniqueName('joins'),
      async () => {},
    )
  const before = await generation()
  await signIn(present, [group])
  expect(await generation()).toBe(before)
  await signIn(former, [group])
  expect(await generation()).toBe(before + 1)
})

test('a granter belongs only to their own provider’s group of that name', async () => {
  const person = await fixture.person('padmin', { groups: [group], issuer: present, platformRole: 'admin' })
  // As a session of the present provider has it.
  const admin: Actor = { ...person, platformRole: 'admin', isEligible: true }
  const reason = 'they need it'
  await give()
  const { grants } = await listGrants(afterwards(admin), space)
  await changeGrant(afterwards(admin), { space, grantId: grants[0]?.id ?? '', role: 'admin', reason })
  await expect(
    addGrant(afterwards(admin), { space, principal: `group:${group}`, role: 'viewer', endsAt: null, reason }),
  ).rejects.toMatchObject({ code: 'self_escalation' })
  const [notice] = await listAdminActs(fixture.as(owner), spaceId)
  expect(notice?.act.to).toEqual({ kind: 'group', name: `${group} (of ${former})` })
})

test('a platform role from a former provider’s groups stops counting, even in a request in progress', async () => {
  const admin = await fixture.person('padmin', { platformRole: 'admin' })
  const friend = await fixture.person('friend')
  const gift = { space, principal: friend.handle, role: 'viewer' as const, endsAt: null, reason: 'they need it' }
  await expect(addGrant(afterwards(admin), gift)).rejects.toMatchObject({ code: 'not_found' })
  await addGrant(fixture.as(admin), gift)
})

test('with two providers, a group name that both have needs the provider', async () => {
  const find = () => searchPrincipals(withBoth(owner), { space, text: group })
  expect(await find()).toEqual(
    expect.arrayContaining([
      { kind: 'group', id: group, people: 1, from: null },
      { kind: 'group', id: group, people: 1, from: { id: 'theirs', name: 'Theirs' } },
    ]),
  )
  const add = (principal: string) =>
    addGrant(withBoth(owner), { space, principal, role: 'editor', endsAt: null }).catch(({ code }) => code)
  expect(await add(group), 'which one?').toBe('principal_unknown')
  const onlyTheirs = uniqueName('partner')
  await fixture.person('partner', { groups: [onlyTheirs] })
  expect(await add(onlyTheirs), 'without a provider').toBe('principal_unknown')
  expect(await add(`group@nowhere:${group}`)).toBe('principal_unknown')
  expect(await add(`group@theirs:${group}`)).not.toBe('principal_unknown')
  expect(await standingsOf(theirs)).toEqual(editor)
  expect(await standingsOf(ours)).toEqual(nothing)
  expect(await add(`group:${group}`)).not.toBe('principal_unknown')
  expect(await standingsOf(ours)).toEqual(editor)
  const { grants } = await listGrants(withBoth(owner), space)
  expect(grants.map(({ principal }) => principal)).toEqual(
    expect.arrayContaining([
      { kind: 'group', name: group, issuer: null, people: 1 },
      expect.objectContaining({ kind: 'group', name: group, provider: 'theirs' }),
    ]),
  )
})

test('people of two providers are shown with their provider', async () => {
  const [one, other] = [
    await fixture.person('twin', { issuer: present }),
    await fixture.person('twin', { issuer: former }),
  ]
  const email = `${uniqueName('twin')}@example.com`
  await fixture.owner.query('UPDATE user_account SET email = $1, name = $1 WHERE id = ANY($2)', [
    email,
    [one.userId, other.userId],
  ])
  const search = (ctx: ReturnType<typeof withBoth>) => searchPrincipals(ctx, { space, text: email })
  const alike = { kind: 'user', name: email, email }
  expect(await search(withBoth(owner))).toEqual(
    expect.arrayContaining([
      { ...alike, id: one.handle, from: 'Ours' },
      { ...alike, id: other.handle, from: 'Theirs' },
    ]),
  )
  expect((await search(fixture.as(owner))).map(({ from }) => from)).toEqual([null, null])
  const admin = withBoth(await fixture.person('padmin', { platformRole: 'admin' }))
  const { rows } = await listPeople(admin, { search: email })
  expect(rows.map(({ handle, from }) => [handle, from]).sort()).toEqual(
    [
      [one.handle, 'Ours'],
      [other.handle, 'Theirs'],
    ].sort(),
  )
})

test('admins from all configured providers decide and are notified; others are not', async () => {
  const admins = [
    await fixture.person('padmin', { issuer: present, platformRole: 'admin' }),
    await fixture.person('padmin', { issuer: former, platformRole: 'admin' }),
  ]
  const [, theirAdmin] = admins
  const notified = (issuers: readonly string[]) =>
    inTransaction(fixture.services.db, async (tx) => (await selectAdminIds(tx, issuers)).sort())
  expect(await notified([present, former])).toEqual(expect.arrayContaining(admins.map(({ userId }) => userId)))
  expect(await notified([present])).not.toContain(theirAdmin?.userId)
  const ask = await fixture.person('asker', { issuer: present })
  const { id } = await requestSpace(withBoth(ask), {
    name: uniqueName('asked'),
    description: '',
    size: 'L',
    endsAt: null,
    reason: 'It is needed.',
  })
  if (!theirAdmin) throw new Error('no admin')
  const decide = (ctx: ReturnType<typeof withBoth>) =>
    readRequest(ctx, { id }).then(
      ({ mayDecide }) => mayDecide,
      ({ code }) => code,
    )
  expect(await decide(withBoth(theirAdmin))).toBe(true)
  expect(await decide(afterwards({ ...theirAdmin, platformRole: 'member' }))).not.toBe(true)
})
