/**
 * Holds every lock that the database login of a process, an auditor or the archiver can take, while people's access
 * ends: that takes effect within a second (ADR 39).
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addPushedGroup, addScimToken } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deleteSession } from '#lib/auth/db/ended-sessions.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { revokeCredentials } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { signOutPerson } from '#lib/features/people/use-cases/sign-out-person.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { decideReview } from '#lib/features/reviews/use-cases/decide-review.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { changeUser } from '#lib/features/scim/use-cases/change-user.ts'
import { createUser } from '#lib/features/scim/use-cases/create-user.ts'
import { ProvisionerContext } from '#lib/features/scim/use-cases/provisioner-context.ts'
import { removePushedGroup } from '#lib/features/scim/use-cases/remove-pushed-group.ts'
import { revokeProvisioningToken } from '#lib/features/scim/use-cases/revoke-token.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

type Login = 'web' | 'worker' | 'gateway' | 'auditor' | 'archiver'

let database: TestDatabase
let portal: BrokerFixture
let gateway: Pool
let admin: Actor
const urls = new Map<Login, string>()
const removals: (() => Promise<void>)[] = []

beforeAll(async () => {
  database = await ownDatabase()
  portal = await openBrokerFixture()
  gateway = createPool(database.databaseUrls.gateway, { process: 'gateway', max: 2, applicationName: 'gateway-test' })
  admin = await portal.person('admin', { platformRole: 'admin' })
  for (const [name, url] of Object.entries(database.databaseUrls)) urls.set(name as Login, url)
  for (const name of ['auditor', 'archiver'] as const) {
    const login = await memberLogin(database.ownerDatabaseUrl, `spaceport_${name}`)
    urls.set(name, login.url)
    removals.push(login.remove)
  }
})
afterAll(async () => {
  await gateway.end()
  await portal.close()
  await Promise.all(removals.map((remove) => remove()))
})

async function connect(login: Login): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urls.get(login) ?? '', application_name: 'thief' })
  client.on('error', () => {})
  await client.connect()
  return client
}

const modes = [
  'ACCESS EXCLUSIVE',
  'EXCLUSIVE',
  'SHARE ROW EXCLUSIVE',
  'SHARE',
  'SHARE UPDATE EXCLUSIVE',
  'ROW EXCLUSIVE',
  'ROW SHARE',
  'ACCESS SHARE',
]
const rowLocks = ['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE']
const keys = ['spaceport policy', 'spaceport unseen admins', 'spaceport pushed groups', 'spaceport trail']
const turns = [
  'hold_policy(true)',
  'hold_policy(false)',
  'hold_pushed_groups(true)',
  'hold_unseen()',
  'seal_trail(1000)',
  'index_trail(1000)',
  'make_trail_partitions()',
]

type What = 'rows' | 'tables'

/** The statements that a login may run, determined once. */
const found = new Map<string, string[]>()

/** Starts again when Postgres ends the transaction to resolve a deadlock, as a thief would. */
async function takeKnown(client: pg.Client, statements: readonly string[]): Promise<void> {
  try {
    await client.query(statements.join(';'))
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '40P01') throw error
    await client.query('ROLLBACK; BEGIN')
    await takeKnown(client, statements)
  }
}

/** Takes the locks in one transaction, which stays open: of each table the strongest that the login may have. */
async function takeLocks(login: Login, what: What): Promise<pg.Client> {
  const client = await connect(login)
  await client.query(
    `SET statement_timeout = 0; SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = 0; BEGIN`,
  )
  const known = found.get(`${login} ${what}`)
  if (known) {
    await takeKnown(client, known)
    return client
  }
  const taken: string[] = []
  const takeStrongest = async (statements: readonly string[]) => {
    for (const statement of statements) {
      await client.query('SAVEPOINT before')
      try {
        await client.query(statement)
        taken.push(statement)
        return
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error
        await client.query('ROLLBACK TO before')
      }
    }
  }
  const { rows: tables } = await client.query<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
      AND relnamespace::regnamespace::text IN ('public', 'turn', 'graphile_worker') ORDER BY 1`)
  for (const { name } of tables)
    await takeStrongest(
      what === 'tables'
        ? modes.map((mode) => `LOCK TABLE ${name} IN ${mode} MODE`)
        : rowLocks.map((mode) => `SELECT FROM ${name} FOR ${mode}`),
    )
  for (const key of keys)
    for (const hash of [`hashtext('${key}')`, `hashtextextended('${key}', 0)`])
      await takeStrongest([`SELECT pg_advisory_xact_lock(${hash})`])
  if (what === 'rows') for (const turn of turns) await takeStrongest([`SELECT ${turn}`])
  expect(taken.length).toBeGreaterThan(keys.length)
  found.set(`${login} ${what}`, taken)
  return client
}

/** How to end it, and whether that counts for the gateway or the portal. */
type Ending = { end: () => Promise<unknown>; counts: () => Promise<boolean> }

const sql = (text: string, ...values: unknown[]) => portal.owner.query(text, values)

async function addSpace(owner: Actor): Promise<{ id: string; name: string }> {
  const [id, name] = [randomUUID(), uniqueName('held')]
  await sql(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at)
     SELECT $1, c.id, $2, $2, 'x', 'S', $3, 'ready', gen_random_uuid(), now() FROM cluster c WHERE c.name = 'default'`,
    id,
    name,
    owner.userId,
  )
  return { id, name }
}

async function addCredential(person: Actor): Promise<{ id: string; hash: string }> {
  const [id, hash] = [randomUUID(), randomBytes(32)]
  await sql(
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    id,
    person.userId,
    hash,
  )
  return { id, hash: hash.toString('hex') }
}

async function addGrant(space: string, person: Actor): Promise<string> {
  const id = randomUUID()
  await sql(
    `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES ($1, $2, $3, 'editor', now())`,
    id,
    space,
    person.userId,
  )
  return id
}

const accessOf = async ({ hash }: { hash: string }) => (await selectAccess(gateway, [hash], 'open'))[0]
const isGone = async (table: string, id: string) =>
  (await portal.services.pool.query(`SELECT FROM ${table} WHERE id = $1`, [id])).rowCount === 0

const endings: Readonly<Record<string, () => Promise<Ending>>> = {
  async 'a person’s credential'() {
    const person = await portal.person('victim')
    const credential = await addCredential(person)
    return {
      end: () => revokeCredential(portal.as(person), { id: credential.id }),
      counts: async () => (await accessOf(credential))?.revokedAt !== null,
    }
  },
  async 'credentials by an admin'() {
    const person = await portal.person('victim')
    const credential = await addCredential(person)
    return {
      end: () => revokeCredentials(portal.as(admin), { ids: [credential.id], reason: 'a test' }),
      counts: async () => (await accessOf(credential))?.revokedAt !== null,
    }
  },
  async 'a person'() {
    const person = await portal.person('victim')
    const credential = await addCredential(person)
    return {
      end: () => deactivatePerson(portal.as(admin), { id: person.userId, reason: 'a test' }),
      counts: async () => (await accessOf(credential))?.deactivatedAt !== null,
    }
  },
  async 'a role'() {
    const [owner, person] = [await portal.person('owner'), await portal.person('victim')]
    const space = await addSpace(owner)
    const credential = await addCredential(person)
    const grantId = await addGrant(space.id, person)
    return {
      end: () => removeGrant(portal.as(owner, { patienceMs: 1 }), { space: { name: space.name }, grantId }),
      counts: async () => (await accessOf(credential))?.spans.length === 0,
    }
  },
  async sessions() {
    const person = await portal.person('victim')
    const id = await addSession(person)
    return { end: () => signOutPerson(portal.as(admin), { id: person.userId }), counts: () => isGone('session', id) }
  },
  async 'one’s own session'() {
    const hash = randomBytes(32)
    const id = await addSession(await portal.person('victim'), hash)
    return { end: () => deleteSession(portal.services, hash), counts: () => isGone('session', id) }
  },
  async 'a pushed group'() {
    const id = await addPushedGroup(portal.owner)
    return {
      end: () => removePushedGroup(portal.as(admin), { id, reason: 'a test' }),
      counts: () => isGone('scim_group', id),
    }
  },
  async 'a role by a review'() {
    const [owner, person] = [await portal.person('owner'), await portal.person('victim')]
    const space = await addSpace(owner)
    const credential = await addCredential(person)
    await addGrant(space.id, person)
    const dueAt = new Date(Date.now() + 7 * dayMs)
    const review = { name: uniqueName('review'), spaces: [space.name], dueAt, undecided: 'keep' as const }
    const { id } = await startReview(portal.as(admin), review)
    await advanceReviews(portal.system())
    const { rows } = await sql('SELECT id FROM review_line WHERE review_id = $1 AND user_id = $2', id, person.userId)
    return {
      end: () => decideReview(portal.as(owner), { id, ids: [rows[0].id], decision: 'revoke', reason: 'a test' }),
      counts: async () => (await accessOf(credential))?.spans.length === 0,
    }
  },
  async 'a provisioning token'() {
    await sql('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
    const { id } = await addScimToken(portal.owner, admin)
    return {
      end: () => revokeProvisioningToken(portal.as(admin), { id }),
      counts: async () =>
        (await portal.services.pool.query('SELECT FROM scim_token WHERE id = $1 AND revoked_at IS NOT NULL', [id]))
          .rowCount === 1,
    }
  },
}

async function addSession(person: Actor, hash: Buffer = randomBytes(32)): Promise<string> {
  const id = randomUUID()
  await sql(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    id,
    hash,
    person.userId,
  )
  return id
}

/** The identity provider's rights, with a token of the operator’s command. */
async function addProvisioner(): Promise<ProvisionerContext> {
  await sql('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
  const { id } = await addScimToken(portal.owner)
  return new ProvisionerContext({
    ...portal.services,
    provisioner: { tokenId: id, name: 'tests', makers: [] },
    settings: {
      subject: 'externalId',
      subjectClaim: 'sub',
      adminGroups: [],
      auditorGroups: [],
      base: 'https://spaceport.test/scim/v2',
    },
    origin: { observer: 'web/test', requestId: 'test', sourceAddress: '127.0.0.1' },
  })
}

/** Those by the identity provider’s job, which may be a thief’s: it ends no session of web’s login. */
const provisionedEndings: typeof endings = {
  async 'a person by provisioning'() {
    const person = await portal.person('victim')
    const credential = await addCredential(person)
    const idp = await addProvisioner()
    const { rows } = await sql('SELECT subject FROM user_account WHERE id = $1', person.userId)
    const user = { userName: uniqueName('victim'), externalId: String(rows[0].subject), active: true, attributes: {} }
    const { id } = await createUser(idp, { ...user, displayName: undefined })
    const patch = [{ op: 'replace' as const, path: 'active', value: false }]
    return {
      end: () => changeUser(idp, { id, ifMatch: null, change: { patch } }),
      counts: async () => (await accessOf(credential))?.deactivatedAt !== null,
    }
  },
}

/**
 * A second on an idle machine, including the patience with others' locks. Without ending the blocking session, it would
 * take at least the four seconds of a lock's timeout.
 */
const soonMs = 3_000

/** @returns milliseconds until it counts for others, or infinity */
async function timeToEnd({ end, counts }: Ending): Promise<number> {
  const start = performance.now()
  const ended = end()
  ended.catch(() => {})
  let counted = Number.POSITIVE_INFINITY
  while (counted === Number.POSITIVE_INFINITY && performance.now() < start + 10_000) {
    // Fails if the machine stalls while it waits for a lock.
    if (await counts().catch(() => false)) counted = performance.now() - start
    else await delay(10)
  }
  await Promise.allSettled([ended])
  return counted
}

const addEnding = async (name: string): Promise<Ending> => {
  const ending = await { ...endings, ...provisionedEndings }[name]?.()
  if (!ending) throw new Error(`no ending ${name}`)
  return ending
}

const cases = [
  ...(['web', 'worker'] as const).map((login) => [login, endings] as const),
  ['worker', provisionedEndings] as const,
].flatMap(([login, some]) =>
  (['rows', 'tables'] as const).flatMap((what) => Object.keys(some).map((ending) => [login, what, ending] as const)),
)

test.each(cases)(
  'the login of %s holds all locks of %s that it can, and ending %s takes effect soon',
  async (login, what, name) => {
    const fastest = await fastestOfThree(soonMs, async () => {
      const ending = await addEnding(name)
      const thief = await takeLocks(login, what)
      try {
        return await timeToEnd(ending)
      } finally {
        await thief.end().catch(() => {})
      }
    })
    expect(fastest).toBeLessThan(soonMs)
  },
)

test.each(['gateway', 'auditor', 'archiver'] as const)(
  'the login of the %s can’t delay the end of access, and keeps its sessions',
  async (login) => {
    for (const what of ['rows', 'tables'] as const)
      for (const name of Object.keys({ ...endings, ...provisionedEndings })) {
        const fastest = await fastestOfThree(soonMs, async () => {
          const ending = await addEnding(name)
          const thief = await takeLocks(login, what)
          try {
            const took = await timeToEnd(ending)
            expect((await thief.query('SELECT 1')).rowCount).toBe(1)
            return took
          } finally {
            await thief.end()
          }
        })
        expect(fastest, name).toBeLessThan(soonMs)
      }
  },
)
