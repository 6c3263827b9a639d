import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listAllCredentials } from '#lib/features/credentials/use-cases/list-all-credentials.ts'
import { listPeople } from '#lib/features/people/use-cases/list-people.ts'
import { listOpenRequests } from '#lib/features/requests/use-cases/list-open-requests.ts'
import { countWaitingRequests, listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'
import type { CredentialQuery } from '#lib/kernel/model/people/credential-query.ts'
import type { PeopleQuery } from '#lib/kernel/model/people/people-query.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { findableStatuses } from '#lib/kernel/model/spaces/space-status.ts'
import { readOverview } from './read-overview.ts'

let fixture: BrokerFixture
let admin: Actor
let auditor: Actor
let owner: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
  await fixture.forgetProof()
  admin = await fixture.person('admin', { platformRole: 'admin' })
  auditor = await fixture.person('auditor', { platformRole: 'auditor' })
  owner = await fixture.person('owner')
  for (const [status, size, days, howMany] of [
    ['ready', 'S', null, 3],
    ['ready', 'M', 2, 1],
    ['ready', 'L', 8, 1],
    ['failed', 'M', null, 2],
    ['creating', 'S', 6.9, 1],
    ['deleting', 'S', 3, 1],
    // Past its end, and waiting for the worker.
    ['ready', 'S', -1, 1],
    ['deleted', 'L', 3, 4],
  ] as const)
    for (let n = 0; n < howMany; n++) await space(owner, { status, size, days })
})
afterAll(() => fixture.close())

type SpaceInput = { status?: string; size?: string; days?: number | null }

async function space(
  { userId }: Actor,
  { status = 'ready', size = 'S', days = null }: SpaceInput = {},
): Promise<string> {
  const [id, name] = [randomUUID(), uniqueName('counted')]
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, generation, observed_generation, ends_at)
     SELECT $1, c.id, $2, $2, 'x', $3::space_size, $4, $5::space_status, 1, 1, now() + make_interval(secs => $6::float8 * 86400)
     FROM cluster c WHERE c.name = 'default'`,
    [id, name, size, userId, status, days],
  )
  return name
}

const overviewOf = (actor: Actor) => readOverview(fixture.as(actor))
async function adminsOverview(actor = admin) {
  const { forAdmins } = await overviewOf(actor)
  if (!forAdmins) throw new Error('only for platform admins')
  return forAdmins
}

test('each number of spaces matches its list, and deleted spaces don’t count', async () => {
  const { spaces, clusters } = await adminsOverview()
  const listed = async (query: Parameters<typeof listSpaces>[1]) => (await listSpaces(fixture.as(admin), query)).total
  expect(spaces.total).toBe(10)
  expect(spaces.total).toBe(await listed({}))
  for (const status of findableStatuses) expect(spaces.byStatus[status] ?? 0, status).toBe(await listed({ status }))
  expect(spaces.byStatus).toEqual({ ready: 6, failed: 2, creating: 1, deleting: 1 })
  for (const size of sizes) expect(spaces.bySize[size], size).toBe(await listed({ size }))
  expect(spaces.bySize).toEqual({ S: 6, M: 3, L: 1 })
  expect(spaces.endingSoon).toBe(await listed({ ends: 'soon' }))
  expect(spaces.endingSoon).toBe(2)
  expect(clusters).toMatchObject([{ name: 'default', spaces: await listed({ cluster: 'default' }) }])
})

test('at most five top owners are shown, each with the number in their list', async () => {
  const people = await Promise.all([1, 2, 3, 4, 5].map((n) => fixture.person(`owner-${n}`)))
  for (const [index, person] of people.entries()) for (let n = 0; n <= index; n++) await space(person)
  const { owners } = (await adminsOverview()).spaces
  expect(owners.map(({ spaces }) => spaces)).toEqual([10, 5, 4, 3, 2])
  expect(owners[0]).toMatchObject({ handle: owner.handle })
  for (const { handle, spaces } of owners)
    expect((await listSpaces(fixture.as(admin), { owner: handle })).total).toBe(spaces)
})

async function openRequests(actor: Actor, age?: 'day'): Promise<string[]> {
  const found: string[] = []
  for (let page = 1; ; page++) {
    const { rows, more } = await listOpenRequests(fixture.as(actor), { age, page })
    found.push(...rows.map(({ id }) => id))
    if (!more) return found
  }
}

test('each number of requests matches its list, and an admin can open each request', async () => {
  const asks = async (n: number) =>
    requestSpace(fixture.as(await fixture.person(`asks-${n}`)), {
      name: uniqueName('requested'),
      description: '',
      size: 'L',
      endsAt: null,
      reason: 'because',
    })
  const made: Awaited<ReturnType<typeof asks>>[] = []
  for (let n = 0; n < 27; n++) made.push(await asks(n))
  const [old, late, withdrawn] = made
  const asker = await fixture.person('asker')
  const [there, leaving] = [await space(owner), await space(owner)]
  const role = (name: string) =>
    requestRole(fixture.as(asker), { space: { name }, role: 'viewer', minutes: 1_440, reason: 'to look' })
  const roles = [await role(there), await role(leaving), await role(uniqueName('nowhere'))]
  // Their own request isn't one they decide on.
  const own = await requestSpace(fixture.as(admin), {
    name: uniqueName('own'),
    description: '',
    size: 'L',
    endsAt: null,
    reason: 'because',
  })
  const change = (sql: string, id: string | undefined) => fixture.owner.query(`UPDATE ${sql} WHERE id = $1`, [id])
  await change(`request SET created_at = now() - interval '25 hours'`, old?.id)
  await change(`request SET expires_at = now() - interval '1 second'`, late?.id)
  await change(`request SET state = 'withdrawn'`, withdrawn?.id)
  await fixture.owner.query(`UPDATE space SET status = 'deleting' WHERE name = $1`, [leaving])

  const { requests } = await adminsOverview()
  const all = await openRequests(admin)
  expect(new Set(all)).toEqual(
    new Set(
      [...made.map(({ id }) => id), roles[0]?.id, own.id].filter((id) => id !== late?.id && id !== withdrawn?.id),
    ),
  )
  expect(requests.waiting).toBe(all.length)
  expect(await openRequests(admin, 'day')).toEqual([old?.id])
  expect(requests.waitingForADay).toBe(1)
  expect(all[0]).toBe(old?.id)
  const [first] = (await listOpenRequests(fixture.as(admin), {})).rows
  expect(requests.oldestAt).toEqual(first?.createdAt)
  expect(requests.forYou).toBe(await countWaitingRequests(fixture.as(admin)))
  const waiting = await Promise.all([1, 2].map((page) => listRequests(fixture.as(admin), { box: 'waiting', page })))
  expect(waiting.flatMap(({ rows }) => rows)).toHaveLength(requests.forYou)
  expect(requests.forYou).toBeLessThan(requests.waiting)
  for (const id of all) expect(await readRequest(fixture.as(admin), { id })).toMatchObject({ id })
  await withdrawRequest(fixture.as(admin), { id: own.id })
  expect((await adminsOverview()).requests.waiting).toBe(requests.waiting - 1)
})

async function credential(
  { userId }: Actor,
  {
    hours,
    ageDays = 0,
    usedDays = null,
    revoked = false,
  }: { hours: number; ageDays?: number; usedDays?: number | null; revoked?: boolean },
): Promise<void> {
  await fixture.owner.query(
    `WITH made AS (INSERT INTO credential (id, user_id, token_hash, created_at, ends_at, revoked_at)
       VALUES (gen_random_uuid(), $1, $2, now() - make_interval(days => $3), now() + make_interval(hours => $4),
         CASE WHEN $6 THEN now() END) RETURNING id)
     INSERT INTO credential_use (credential_id, last_used_at)
       SELECT id, now() - make_interval(days => $5) FROM made WHERE $5::int IS NOT NULL`,
    [userId, randomBytes(32), ageDays, hours, usedDays, revoked],
  )
}

test('each number of credentials and people matches its list, for admins and auditors', async () => {
  const [departingUser, unseen, provisioned, gone] = await Promise.all(
    ['departing', 'unseen', 'provisioned', 'gone'].map((name) => fixture.person(name)),
  )
  if (!departingUser || !unseen || !provisioned || !gone) throw new Error('each is a person')
  await credential(owner, { hours: 23 })
  await credential(owner, { hours: 25, ageDays: 40, usedDays: 31 })
  await credential(owner, { hours: 900, ageDays: 40, usedDays: 3 })
  await credential(owner, { hours: 900, ageDays: 40 })
  await credential(owner, { hours: -1, ageDays: 40 })
  await credential(owner, { hours: 900, ageDays: 40, revoked: true })
  await fixture.owner.query(`UPDATE user_account SET last_sign_in_at = now() - interval '8 days' WHERE id = $1`, [
    unseen.userId,
  ])
  await fixture.owner.query('UPDATE user_account SET never_signed_in = true WHERE id = $1', [provisioned.userId])
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = ANY ($1)', [
    [departingUser.userId, gone.userId],
  ])
  await fixture.owner.query(
    `INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended) VALUES (gen_random_uuid(), $1, $2, 'a test', now(), '{}')`,
    [departingUser.userId, admin.userId],
  )

  for (const reader of [admin, auditor]) {
    const ctx = fixture.as(reader)
    const { credentials, people } = await overviewOf(reader)
    const listed = async (query: CredentialQuery) => (await listAllCredentials(ctx, query)).rows.length
    expect(credentials).toEqual({ active: 4, expiring: 1, unused: 2 })
    expect(credentials).toEqual({
      active: await listed({}),
      expiring: await listed({ endsWithin: 1 }),
      unused: await listed({ unusedFor: 30 }),
    })
    const found = async (state: PeopleQuery['state']) => {
      let [count, after]: [number, string | undefined] = [0, undefined]
      do {
        const { rows, next }: Awaited<ReturnType<typeof listPeople>> = await listPeople(ctx, { state, after })
        count += rows.length
        after = next ?? undefined
      } while (after !== undefined)
      return count
    }
    expect(people).toMatchObject({ deactivated: 2, unproven: 1 })
    expect(people.signedIn).toBe(people.active - 2)
    expect(people).toEqual({
      active: await found('active'),
      signedIn: await found('signed-in-7'),
      deactivated: await found('deactivated'),
      unproven: await found('unproven'),
    })
  }
})

test('the worker’s findings on a cluster are counted, and the last usage of its spaces is summed', async () => {
  const quiet = (await adminsOverview()).clusters[0]
  expect(quiet).toMatchObject({ fences: 'unproved', faults: 0, rights: 0, usage: null })
  const now = new Date()
  const slot = (minutes: number) => new Date(Math.floor(now.getTime() / 600_000) * 600_000 - minutes * 60_000)
  const sample = (at: Date, status: string, used: number) =>
    fixture.owner.query(
      `INSERT INTO usage_sample (at, space_id, used, hard) SELECT $1, id, ARRAY[$3, 0, 1024, 0, 1, NULL]::real[],
         ARRAY[2, 4, 4096, 8192, 20, NULL]::real[] FROM space WHERE owner_id = $4 AND status = $2::space_status`,
      [at, status, used, owner.userId],
    )
  await sample(slot(20), 'failed', 9)
  await sample(slot(10), 'failed', 0.5)
  await sample(slot(10), 'deleted', 100)
  await fixture.owner.query(
    `UPDATE cluster SET fences_proved_at = now(), fence_faults = '[{"policy":"a","fault":"is missing"},{"policy":"b","fault":"is missing"}]',
       rights_findings = '["somebody may do something"]'`,
  )
  const clock = () => new Date(slot(0).getTime() + 119_000)
  // Other tests may already have sampled a cluster in this slot.
  await sample(slot(0), 'creating', 1)
  const { forAdmins } = await readOverview(fixture.as(admin, { clock }))
  expect(forAdmins?.clusters).toMatchObject([
    {
      fences: 'faulty',
      faults: 2,
      rights: 1,
      usage: { cpu: { used: 1, hard: 4 }, memory: { used: 2048, hard: 8192 }, pods: { used: 2, hard: 40 } },
    },
  ])
  await fixture.owner.query(`UPDATE cluster SET fence_faults = '[]', rights_findings = '[]'`)
  expect((await adminsOverview()).clusters[0]).toMatchObject({ fences: 'ok', faults: 0, rights: 0 })
  const later = () => new Date(Date.now() + 6 * 60_000)
  expect((await readOverview(fixture.as(admin, { clock: later }))).forAdmins?.clusters[0]?.fences).toBe('late')
})

test('the trail counts as intact only once all of it was verified', async () => {
  expect((await overviewOf(auditor)).trail).toMatchObject({ verdict: 'unverified', findings: 0 })
  const check = (result: string, findings: number) =>
    fixture.owner.query(
      `INSERT INTO trail_check (id, asked_at, started_at, ended_at, result, finding_count) VALUES (gen_random_uuid(), clock_timestamp(), now(), now(), $1, $2)`,
      [result, findings],
    )
  await check('broken', 3)
  expect((await overviewOf(auditor)).trail).toMatchObject({ verdict: 'broken', findings: 3 })
  await check('holds', 0)
  expect((await overviewOf(admin)).trail).toMatchObject({ verdict: 'holds', findings: 0 })
})

test('a use of the break-glass account is shown until an admin acknowledges it', async () => {
  expect((await adminsOverview()).breakGlassUse).toBeNull()
  const sealed = await fixture.person('break-glass', { issuer: breakGlassIssuer })
  await fixture.owner.query(
    `INSERT INTO break_glass_code (id, code_hash, created_at, used_at, used_by_id)
     VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now(), now(), $1)`,
    [sealed.userId],
  )
  expect((await adminsOverview()).breakGlassUse).toEqual({ handle: sealed.handle })
  await fixture.owner.query('UPDATE break_glass_code SET acknowledged_at = now(), acknowledged_by_id = $1', [
    admin.userId,
  ])
  expect((await adminsOverview()).breakGlassUse).toBeNull()
})

test('auditors see nothing about spaces, requests, clusters or the break-glass account', async () => {
  expect((await overviewOf(auditor)).forAdmins).toBeNull()
  await expect(listOpenRequests(fixture.as(auditor), {})).rejects.toMatchObject({ code: 'forbidden' })
})

test('strangers, owners and admins without an active role are refused both', async () => {
  const policy = { ...fixture.services.policy, adminMinutes: 60 }
  const formerly = await fixture.person('formerly', { platformRole: 'admin', adminUntil: new Date(Date.now() - 1_000) })
  const eligible = { ...formerly, platformRole: 'member' as const, isEligible: true }
  for (const actor of [await fixture.person('stranger'), owner, eligible]) {
    await expect(readOverview(fixture.as(actor, { policy }))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(listOpenRequests(fixture.as(actor, { policy }), {})).rejects.toMatchObject({ code: 'forbidden' })
  }
})
