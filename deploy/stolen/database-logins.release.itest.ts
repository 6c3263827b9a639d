/** Uses each process’s login to Postgres and the owner’s, and tests each sentence about them in identities.ts. */
import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { thief } from '#dev/testing/fixtures/thief.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { hashSessionToken } from '#lib/auth/session/session-rules.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'
import type { ProcessName } from '#lib/kernel/db/session-of-process.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { stolenIdentities } from './identities.ts'

let database: TestDatabase
let portal: BrokerFixture
let victim: Actor
let session: string
let credential: ReturnType<typeof makeToken>
const opened: { end(): Promise<void> }[] = []
const space = uniqueName('stolen')

beforeAll(async () => {
  database = await ownDatabase()
  portal = await openBrokerFixture()
  victim = await portal.person('victim', { platformRole: 'admin' })
  await createSpace(portal.as(victim), { name: space, description: '', size: 'S', endsAt: null })
  const friend = await portal.person('friend')
  await addGrant(portal.as(victim), { space: { name: space }, principal: `user:${friend.handle}`, role: 'viewer' })
  const spaceRequest = {
    name: uniqueName('requested'),
    description: '',
    size: 'L' as const,
    endsAt: null,
    reason: 'a test',
  }
  await requestSpace(portal.as(victim), spaceRequest)
  session = randomBytes(32).toString('base64url')
  credential = makeToken(randomBytes)
  await portal.owner.query(
    `INSERT INTO session (id, token_hash, user_id, expires_at, last_seen_at) VALUES ($1, $2, $3, now() + interval '1 hour', now())`,
    [randomUUID(), hashSessionToken(session), victim.userId],
  )
  await portal.owner.query(
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), victim.userId, credential.hash],
  )
})
afterAll(async () => {
  await Promise.all(opened.map((client) => client.end()))
  await deleteSpace(portal.as(victim), { space: { name: space }, confirmation: space })
  await portal.close()
})

async function login(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  // A connection that Postgres ends reports it here too.
  client.on('error', () => {})
  await client.connect()
  opened.push(client)
  return client
}

/** @returns how many rows it affected; it is rolled back */
async function attempt(client: pg.Client, statement: string): Promise<number> {
  await client.query('BEGIN')
  try {
    return (await client.query(statement)).rowCount ?? 0
  } finally {
    await client.query('ROLLBACK')
  }
}

const eventColumns = 'id, action, at, actor_kind, target_kind, observer, destination, outcome'
const eventValues = `gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok'`
const addToTrail = `INSERT INTO audit_event (${eventColumns}) VALUES (${eventValues})`
const readTrail = 'SELECT reason FROM audit_event LIMIT 1'
const queueJob = `SELECT graphile_worker.add_job('anything')`
const readQueue = 'SELECT count(*) FROM graphile_worker.jobs'
const makeGrant = `INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
  SELECT gen_random_uuid(), s.id, s.owner_id, 'admin', now() FROM space s LIMIT 1`
const makeCredential = `INSERT INTO credential (id, user_id, token_hash, ends_at)
  SELECT gen_random_uuid(), owner_id, 'x', now() + interval '1 hour' FROM space LIMIT 1`
const makeSession = `INSERT INTO session (id, token_hash, user_id, expires_at)
  SELECT gen_random_uuid(), 'x', owner_id, now() + interval '1 hour' FROM space LIMIT 1`
const makePerson = `INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES (gen_random_uuid(), 'x', 'x', 'x', 'x', 'x')`
const joinGroup = `INSERT INTO user_group (user_id, "group") SELECT owner_id, 'admins' FROM space LIMIT 1`
const makeSpace = `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id)
  SELECT gen_random_uuid(), cluster_id, 'x', 'x', 'x', 'S', owner_id FROM space LIMIT 1`
const makeRequest = `INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, expires_at)
  SELECT gen_random_uuid(), 'space', owner_id, cluster_id, '{}', 'x', 'x', now() FROM space LIMIT 1`

type Attempts = Readonly<Record<string, string>>
const deniedToAll: Attempts = {
  'change the trail': `UPDATE audit_event SET action = 'x'`,
  'remove from the trail': 'DELETE FROM audit_event',
  'empty the trail': 'TRUNCATE audit_event',
  'choose a row’s place in the trail': `INSERT INTO audit_event (seq, ${eventColumns}) VALUES (1, ${eventValues})`,
  'drop what keeps the trail append-only': 'ALTER TABLE audit_event DISABLE TRIGGER ALL',
  'run a program on the database’s machine': `COPY (SELECT 1) TO PROGRAM 'true'`,
  'read a file of the database’s machine': `SELECT pg_read_file('/etc/hostname')`,
}

const rows = {
  web: {
    can: {
      'create a space': makeSpace,
      'give a grant': makeGrant,
      'create a credential': makeCredential,
      'create a session': makeSession,
      'queue a reconcile': 'SELECT enqueue_reconcile(id, 0) FROM space LIMIT 1',
      'add to the trail': addToTrail,
      'read the trail': readTrail,
    },
    denied: {
      'run a job': queueJob,
      'read the queue': readQueue,
    },
  },
  worker: {
    can: {
      'end a grant': 'UPDATE space_grant SET removed_at = now()',
      'let a request expire': `UPDATE request SET state = 'expired', decided_at = now()`,
      'end a credential': 'UPDATE credential SET revoked_at = now()',
      'delete a space': `UPDATE space SET status = 'deleting', generation = generation + 1`,
      'say which namespace is a space’s': 'UPDATE space SET namespace_uid = gen_random_uuid()',
      'say that the fences hold': `UPDATE cluster SET fence_faults = '[]'`,
      'queue a job': queueJob,
      'drop a job': `SELECT graphile_worker.remove_job('none')`,
      'read who has what': 'SELECT owner_id FROM space',
      'add to the trail': addToTrail,
      'read the trail': readTrail,
    },
    denied: {
      'add to the queue’s schema': 'CREATE TABLE graphile_worker.mine ()',
      'replace a part of the queue': 'DROP FUNCTION graphile_worker.remove_job(text)',
      'act as the queue’s owner': 'SET ROLE spaceport_queue_owner',
      'act as the owner': 'SET ROLE spaceport_owner',
      'create a person': makePerson,
      'put someone into a group': joinGroup,
      'give a grant': makeGrant,
      'raise a grant': `UPDATE space_grant SET role = 'admin'`,
      'prolong a grant': 'UPDATE space_grant SET ends_at = NULL',
      'create a request': makeRequest,
      'create a credential': makeCredential,
      'prolong a credential': `UPDATE credential SET ends_at = now() + interval '1 year'`,
      'see the hash of a credential': 'SELECT token_hash FROM credential',
      'create a space': makeSpace,
      'enlarge a space': `UPDATE space SET size = 'L'`,
      'point a space at another namespace': `UPDATE space SET namespace = 'kube-system'`,
      'give a space away': 'UPDATE space SET owner_id = gen_random_uuid()',
      'create a session': makeSession,
      'see a session': 'SELECT id FROM session',
    },
  },
  gateway: {
    can: {
      'read who has what': 'SELECT owner_id FROM space',
      'read the hash of a credential': 'SELECT token_hash FROM credential',
      'write when and from where a credential was used': `INSERT INTO credential_use (credential_id, last_used_at, address) SELECT id, now(), 'x' FROM credential LIMIT 1`,
      'add to the trail': addToTrail,
    },
    denied: {
      'create a session': makeSession,
      'see a session': 'SELECT id FROM session',
      'create a person': makePerson,
      'change a person': `UPDATE user_account SET handle = 'x'`,
      'put someone into a group': joinGroup,
      'give a grant': makeGrant,
      'raise a grant': `UPDATE space_grant SET role = 'admin'`,
      'create a credential': makeCredential,
      'give a credential to someone else': 'UPDATE credential SET user_id = gen_random_uuid()',
      'undo a revocation': 'UPDATE credential SET revoked_at = NULL',
      'create a space': makeSpace,
      'change a space': `UPDATE space SET status = 'ready'`,
      'create a request': makeRequest,
      'see requests': 'SELECT id FROM request',
      'read what the trail says': readTrail,
      'queue a job': queueJob,
      'queue a reconcile': 'SELECT enqueue_reconcile(gen_random_uuid(), 0)',
    },
  },
} satisfies Record<string, { can: Attempts; denied: Attempts }>

/** Common to all three: their lists of what they can and can’t. */
function tryLogin(process: ProcessName): void {
  let stolen: pg.Client
  beforeAll(async () => {
    stolen = await login(database.databaseUrls[process])
  })

  test.each(Object.entries(rows[process].can))('can %s', async (_what, statement) => {
    expect(await attempt(stolen, statement)).toBeGreaterThan(0)
  })

  test.each(Object.entries({ ...deniedToAll, ...rows[process].denied }))('can’t %s', async (_what, statement) => {
    await expect(attempt(stolen, statement)).rejects.toThrow(/permission denied|must be owner/)
  })

  test('reveals no session or credential that works', async () => {
    for (const table of ['session', 'credential', 'user_account']) {
      const shown = await stolen.query(`SELECT t::text AS row FROM ${table} t`).catch(() => ({ rows: [] }))
      for (const secret of [session, credential.token]) expect(JSON.stringify(shown.rows)).not.toContain(secret)
    }
  })
}

describe(stolenIdentities.webLogin.name, () => {
  tryLogin('web')

  test('can be anyone in the portal', async () => {
    const stolen = await login(database.databaseUrls.web)
    const forged = randomBytes(32).toString('base64url')
    await stolen.query(
      `INSERT INTO session (id, token_hash, user_id, expires_at, last_seen_at)
       VALUES ($1, $2, $3, now() + interval '1 hour', now())`,
      [randomUUID(), hashSessionToken(forged), victim.userId],
    )
    const actor = (await readSession({ ...portal.services, clock: () => new Date() }, forged))?.actor
    expect(actor).toMatchObject({ userId: victim.userId, platformRole: 'admin' })
    if (actor) expect(await readSpace(portal.as(actor), { name: space })).toMatchObject({ standing: 'owner' })
  })

  test('changes nothing on a cluster until web or worker act on its rows', async () => {
    const stolen = await login(database.databaseUrls.web)
    const raised = await portal.person('raised')
    await stolen.query(
      `INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
       SELECT gen_random_uuid(), id, $1, 'admin', now() FROM space WHERE name = $2`,
      [raised.userId, space],
    )
    const bindings = ['get', 'rolebindings', '-n', space, '-o', 'json']
    expect((await thief(inject('kubeAdmin'))(bindings)).out).not.toContain(raised.handle)
  })
})

describe(stolenIdentities.workerLogin.name, () => tryLogin('worker'))
describe(stolenIdentities.gatewayLogin.name, () => tryLogin('gateway'))

describe(stolenIdentities.ownerLogin.name, () => {
  test('does all of it, and can drop the triggers that keep the trail append-only', async () => {
    const stolen = await login(database.ownerDatabaseUrl)
    for (const { can } of Object.values(rows))
      for (const statement of Object.values(can)) expect(await attempt(stolen, statement)).toBeGreaterThan(0)
    await stolen.query(addToTrail)
    await expect(attempt(stolen, 'DELETE FROM audit_event')).rejects.toThrow(/append-only|audit/i)
    await stolen.query('ALTER TABLE audit_event DISABLE TRIGGER USER')
    expect(await attempt(stolen, 'DELETE FROM audit_event')).toBeGreaterThan(0)
    await stolen.query('ALTER TABLE audit_event ENABLE TRIGGER USER')
  })
})

test('a new password closes no open connection; terminating them does', async () => {
  const name = `stolen_${randomBytes(6).toString('hex')}`
  await portal.owner.query(`CREATE ROLE ${name} LOGIN PASSWORD 'before'; GRANT spaceport_gateway TO ${name}`)
  try {
    const url = Object.assign(new URL(database.databaseUrls.gateway), { username: name, password: 'before' }).href
    const stolen = await login(url)
    const look = () => stolen.query('SELECT token_hash FROM credential LIMIT 1')
    await portal.owner.query(`ALTER ROLE ${name} PASSWORD 'after'`)
    await expect(login(url)).rejects.toThrow(/password authentication failed/)
    expect((await look()).rowCount).toBe(1)
    await portal.owner.query(`GRANT ${name} TO CURRENT_USER`)
    await portal.owner.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [name])
    await expect(look()).rejects.toThrow()
  } finally {
    await portal.owner.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  }
})
