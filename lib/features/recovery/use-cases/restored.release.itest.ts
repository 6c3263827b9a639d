import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { takeBaseBackup } from '#dev/postgres/base-backup.ts'
import { type Postgres, startPostgres } from '#dev/postgres.ts'
import { prepareDatabase } from '#dev/prepare-database.ts'
import { projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { newCheckpointKey } from '#dev/testing/fixtures/trail-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { publicJwk, readCheckpointKey } from '#lib/features/audit/chain/checkpoint.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { revokeProvisioningToken } from '#lib/features/scim/use-cases/revoke-token.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { annotations } from '#lib/kernel/model/spaces/cluster-names.ts'

/**
 * A Postgres instance is backed up, used further, lost, and restored with the statements and commands in
 * docs/backup-and-restore.md, in the page's order.
 */

const dir = mkdtempSync(join(tmpdir(), 'spaceport-restored-'))
const backup = join(dir, 'backup')
const checkpointKey = newCheckpointKey()
const kept = uniqueName('kept')
const passed = uniqueName('passed')
const deleted = uniqueName('deleted')
const made = uniqueName('made')
const group = uniqueName('ops')
const plain = { description: '', size: 'S' as const, endsAt: null }
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const crashes: string[] = []
const steps = readSteps()

let ports: Record<'postgres' | 'worker' | 'gateway' | 'admin', number>
let postgres: Postgres
let fixture: BrokerFixture
let worker: Service
let gateway: Service
let agent: Agent
let files: { certFile: string; keyFile: string }
let people: Record<'admin' | 'owner' | 'member' | 'departingUser' | 'given' | 'later' | 'brief', Actor>
let tokens: Record<'owner' | 'revoked' | 'member' | 'departingUser', string>
/** The last block named by a checkpoint of the lost trail. */
let lostBlock: number

/** @returns the page's statements and commands for restoring a backup, in order */
function readSteps(): string[] {
  const page = readFileSync(join(projectRoot, 'docs/backup-and-restore.md'), 'utf8')
  const section = page.slice(page.indexOf('**With a backup**'), page.indexOf('**Without one**'))
  return [...section.matchAll(/```sql\n(?<sql>.*?)```|bin\/spaceport (?<command>[a-z][^`#\n]*)/gs)].map(({ groups }) =>
    (groups?.sql ?? groups?.command ?? '').trim(),
  )
}
/** @returns the page's next step, which starts with the given text */
function nextStep(beginning: string): string {
  expect(steps[0]).toMatch(new RegExp(`^${beginning}`))
  return steps.shift() ?? ''
}

type Ran = { status: number; out: string }
/** Runs a bin/spaceport command as an operator does, with the schema owner's login unless another is given. */
const spaceport = (command: string, databaseUrl = postgres.ownerUrl): Promise<Ran> =>
  new Promise((resolve) => {
    const env = {
      NODE_ENV: 'production' as const,
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      KUBECONFIG: inject('kubeBroker'),
      OIDC_ISSUER: 'https://issuer.test',
    }
    execFile(join(projectRoot, 'bin/spaceport'), command.split(' '), { env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, out: stdout + stderr }),
    )
  })
/** @param values the psql variables */
const asOwner = (sql: string, values: Record<string, string> = {}) =>
  ownerSql(
    postgres.ownerUrl,
    sql.replace(/:'([a-z]+)'/g, (_, name: string) => pg.escapeLiteral(values[name] ?? '')),
  )

async function open(folder: string): Promise<void> {
  postgres = await startPostgres({
    dir: folder,
    port: ports.postgres,
    fsync: false,
    report: () => {},
    onExit: () => crashes.push('Postgres ended by itself'),
  })
}
const openFixture = () =>
  openBrokerFixture({ database: { databaseUrls: postgres.urls, ownerDatabaseUrl: postgres.ownerUrl } })

function start(kind: 'worker' | 'gateway', readyPort: number, env: Record<string, string>): Promise<Service> {
  return startService({
    name: kind,
    command: join(projectRoot, 'bin/spaceport'),
    args: [kind],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: postgres.urls[kind],
      SPACEPORT_URL: 'https://spaceport.test',
      ...env,
    },
    cwd: projectRoot,
    logFile: join(dir, `${kind}.log`),
    readyUrl: `http://127.0.0.1:${readyPort}/readyz`,
    onCrash: (reason) => crashes.push(reason),
  })
}
const startWorker = () =>
  start('worker', ports.worker, {
    ...{ KUBECONFIG: inject('kubeBroker'), SPACEPORT_NAMESPACE_PREFIX: 'none' },
    ...{ SPACEPORT_CHECKPOINT_KEY: checkpointKey, WORKER_LISTEN: `127.0.0.1:${ports.worker}` },
  })
const startGateway = () =>
  start('gateway', ports.admin, {
    ...{ KUBECONFIG: inject('kubeGateway'), GATEWAY_LISTEN: `127.0.0.1:${ports.gateway}` },
    ...{ GATEWAY_ADMIN_LISTEN: `127.0.0.1:${ports.admin}` },
    ...{ GATEWAY_TLS_CERT: files.certFile, GATEWAY_TLS_KEY: files.keyFile },
  })

const credential = async (actor: Actor): Promise<string> => {
  const { kubeconfig } = await createCredentialForAll(fixture.as(actor), {})
  return /spt_[\w-]+/.exec(kubeconfig)?.[0] ?? ''
}
/** @returns the gateway's status for a request in a space's namespace */
async function use(token: string, namespace: string): Promise<number> {
  const answer = await fetch(
    `https://127.0.0.1:${ports.gateway}/clusters/default/api/v1/namespaces/${namespace}/configmaps`,
    { dispatcher: agent, headers: { authorization: `Bearer ${token}` } },
  )
  await answer.text()
  return answer.status
}

const kubectl = async (...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    )
  })
const boundIn = (namespace: string) =>
  kubectl('get', 'rolebindings', '-n', namespace, '-o', 'jsonpath={..subjects[*].name}')
const statusOf = async (name: string) =>
  (await asOwner(`SELECT status::text FROM space WHERE name = '${name}'`)).map(({ status }) => status)
const unsettled = () =>
  asOwner(
    `SELECT s.name FROM space s LEFT JOIN graphile_worker.jobs j ON j.key = 'reconcile-space:' || s.id
     WHERE s.status <> 'ready' OR s.observed_generation < s.generation OR j.locked_at IS NOT NULL`,
  )
const grantOf = async ({ userId }: Actor) =>
  String((await asOwner(`SELECT id FROM space_grant WHERE user_id = '${userId}'`))[0]?.id)
const grantOfGroup = async () => String((await asOwner(`SELECT id FROM space_grant WHERE "group" = '${group}'`))[0]?.id)
/** What was granted on the cluster in the kept space. */
const grantsOnCluster = () =>
  kubectl(
    'get',
    'namespace',
    kept,
    '-o',
    `jsonpath={.metadata.annotations.${annotations.grants.replaceAll('.', '\\.')}}`,
  )

beforeAll(async () => {
  ports = await freePorts('postgres', 'worker', 'gateway', 'admin')
  const authority = await openAuthority(join(dir, 'pki'), 'test')
  files = await authority.issue('gateway', { commonName: 'gateway', hosts: ['127.0.0.1'], usages: ['server'] })
  agent = new Agent({ connect: { ca: readFileSync(authority.caFile, 'utf8') } })
  await open(join(dir, 'first'))
  await prepareDatabase(postgres)
  fixture = await openFixture()
  ;[worker, gateway] = await Promise.all([startWorker(), startGateway()])
  people = {
    admin: await fixture.person('admin', { platformRole: 'admin' }),
    owner: await fixture.person('owner'),
    member: await fixture.person('member'),
    departingUser: await fixture.person('departing'),
    given: await fixture.person('given'),
    later: await fixture.person('later'),
    brief: await fixture.person('brief'),
  }
  const { owner, member, departingUser, later, brief } = people
  await createSpace(fixture.as(owner), { name: kept, ...plain })
  await createSpace(fixture.as(owner), { name: deleted, ...plain })
  await createSpace(fixture.as(departingUser), { name: passed, ...plain })
  for (const { handle } of [member, departingUser])
    await addGrant(fixture.as(owner), { space: { name: kept }, principal: handle, role: 'editor' })
  // Not visible in bindings: a group without members, a role that starts tomorrow, and an end.
  await addGrant(fixture.as(owner), { space: { name: kept }, principal: `group:${group}`, role: 'viewer' })
  for (const { handle } of [later, brief])
    await addGrant(fixture.as(owner), { space: { name: kept }, principal: handle, role: 'viewer', endsAt: inDays(30) })
  await asOwner(
    `UPDATE space_grant SET starts_at = now() + interval '1 day' WHERE user_id = '${later.userId}';
     UPDATE space SET generation = generation + 1 WHERE name = '${kept}'`,
  )
  tokens = {
    revoked: await credential(owner),
    owner: await credential(owner),
    member: await credential(member),
    departingUser: await credential(departingUser),
  }
}, 300_000)

afterAll(async () => {
  await Promise.allSettled([worker?.stop(), gateway?.stop(), agent?.close(), fixture?.close()])
  await postgres?.stop()
  await kubectl('delete', 'namespace', kept, passed, deleted, made, '--wait=false', '--ignore-not-found')
  rmSync(dir, { recursive: true, force: true })
})

test('a backup is taken during normal use; credentials, members and people are removed after it', async () => {
  const { admin, owner, member, departingUser, given, later, brief } = people
  for (const token of Object.values(tokens)) await expect.poll(() => use(token, kept)).toBe(200)
  await spaceport(`provisioning-token create provider ${inDays(30).toISOString().slice(0, 10)}`)
  const [provisioning] = await asOwner('SELECT id FROM scim_token')
  await spaceport('audit-webhook make default https://worker.test:9443')
  await spaceport('break-glass create')
  await asOwner(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), '\\x00', '${owner.userId}', now() + interval '1 day')`,
  )
  await asOwner(
    `UPDATE user_account SET admin_until = now() + interval '1 day', admin_reason = 'an incident' WHERE id = '${admin.userId}'`,
  )
  // Seals everything so far, and covers it with a checkpoint.
  await worker.stop()
  await worker.restart()
  // A job that was in progress at the backup starts again a minute later (space-status.ts).
  await expect.poll(unsettled).toEqual([])

  await takeBaseBackup({ from: join(dir, 'first'), port: ports.postgres, to: backup })

  const [first] = await asOwner(`SELECT id FROM credential ORDER BY created_at LIMIT 1`)
  await revokeCredential(fixture.as(owner), { id: String(first?.id) })
  for (const grantId of [await grantOf(member), await grantOfGroup(), await grantOf(later)])
    await removeGrant(fixture.as(owner), { space: { name: kept }, grantId })
  const shorter = { space: { name: kept }, grantId: await grantOf(brief), role: 'viewer' as const, endsAt: inDays(1) }
  await changeGrant(fixture.as(owner), shorter)
  await expect.poll(grantsOnCluster).not.toMatch(new RegExp(`${group}|${later.handle}`))
  await offboardPerson(fixture.as(admin), {
    ...{ id: departingUser.userId, reason: 'left the company', confirmation: departingUser.handle },
    rest: { kind: 'hand-over', to: owner.handle },
  })
  await addGrant(fixture.as(owner), { space: { name: kept }, principal: given.handle, role: 'viewer' })
  await createSpace(fixture.as(given), { name: made, ...plain })
  await deleteSpace(fixture.as(owner), { space: { name: deleted }, confirmation: deleted })
  await asOwner('DELETE FROM session')
  await asOwner('UPDATE user_account SET admin_until = NULL, admin_reason = NULL')
  await revokeProvisioningToken(fixture.as(admin), { id: String(provisioning?.id) })
  await spaceport('audit-webhook void default')
  for (const token of [tokens.revoked, tokens.departingUser]) await expect.poll(() => use(token, kept)).toBe(401)
  await expect.poll(() => use(tokens.member, kept)).not.toBe(200)
  await expect.poll(() => statusOf(deleted)).toEqual(['deleted'])
  for (const space of [kept, passed]) await expect.poll(() => boundIn(space)).not.toContain(departingUser.handle)
})

test('a restored backup reinstates what was revoked, removed or ended since', async () => {
  await Promise.all([worker.stop(), gateway.stop(), fixture.close()])
  const [head] = await asOwner(
    `SELECT block, json_build_object('statement', statement, 'signature', encode(signature, 'base64'))::text AS line
     FROM audit_checkpoint ORDER BY block DESC LIMIT 1`,
  )
  lostBlock = Number(head?.block)
  writeFileSync(join(dir, 'CHECKPOINTS'), `${head?.line}\n`)
  writeFileSync(join(dir, 'KEYS'), JSON.stringify({ keys: [publicJwk(readCheckpointKey(checkpointKey))] }))
  await postgres.stop()
  rmSync(join(dir, 'first'), { recursive: true })

  await open(backup)
  expect(await spaceport(nextStep('migrate'))).toMatchObject({ status: 0, out: expect.stringContaining('up to date') })
  const inForce = await asOwner(
    `SELECT (SELECT count(*)::int FROM credential WHERE revoked_at IS NULL) AS credentials,
       (SELECT count(*)::int FROM session) AS sessions,
       (SELECT count(*)::int FROM user_account WHERE admin_until IS NOT NULL) AS offices,
       (SELECT count(*)::int FROM scim_token WHERE revoked_at IS NULL) AS provisioning,
       (SELECT count(*)::int FROM cluster_audit_token WHERE revoked_at IS NULL) AS audit,
       (SELECT count(*)::int FROM user_account WHERE deactivated_at IS NOT NULL) AS deactivated,
       (SELECT count(*)::int FROM space_grant WHERE removed_at IS NULL) AS grants`,
  )
  expect(inForce).toEqual([
    { credentials: 4, sessions: 1, offices: 1, provisioning: 1, audit: 1, deactivated: 0, grants: 5 },
  ])
})

test('the page’s first step revokes every credential, session, token and break-glass code', async () => {
  await asOwner(nextStep('UPDATE credential'))
  const left = await asOwner(
    `SELECT (SELECT count(*)::int FROM credential WHERE revoked_at IS NULL) AS credentials,
       (SELECT count(*)::int FROM session) AS sessions,
       (SELECT count(*)::int FROM user_account WHERE admin_until IS NOT NULL) AS offices,
       (SELECT count(*)::int FROM scim_token WHERE revoked_at IS NULL) AS provisioning,
       (SELECT count(*)::int FROM cluster_audit_token WHERE revoked_at IS NULL) AS audit`,
  )
  expect(left).toEqual([{ credentials: 0, sessions: 0, offices: 0, provisioning: 0, audit: 0 }])
  expect((await spaceport('break-glass status')).out).toContain('There is an unused code')
  await spaceport(nextStep('break-glass void'))
  expect((await spaceport('break-glass status')).out).toContain('There is no unused code')
})

test('the comparison lists what was removed, granted, deleted and created since, and changes nothing', async () => {
  const { owner, member, departingUser, given, later, brief } = people
  const before = await kubectl('get', 'namespace', kept, '-o', 'jsonpath={.metadata.resourceVersion}')
  const { status, out } = await spaceport(nextStep('admin compare'), postgres.urls.worker)
  expect(status).toBe(0)
  for (const sentence of [
    `default: Space ${kept} (${kept}): ${member.handle} is editor in the database, but has no role on the cluster: removed since the backup.`,
    `default: Space ${kept} (${kept}): ${departingUser.handle} is editor in the database, but has no role on the cluster: removed since the backup.`,
    `default: Space ${kept} (${kept}): ${given.handle} is viewer on the cluster, but has no role in the database: granted since the backup.`,
    `default: Space ${deleted} (${deleted}) of ${owner.handle} isn’t on the cluster: it was deleted since the backup. Workers recreate it, empty, with ${owner.handle} (admin).`,
    `default: Namespace ${made} of ${given.handle} belongs to no space: it was created since the backup. Bound there: ${given.handle} (admin).`,
    `default: Space ${passed} (${passed}) belongs to ${departingUser.handle} in the database, but to ${owner.handle} on the cluster.`,
    `default: ${departingUser.handle} has a role in the database, but none on the cluster`,
    `the role viewer of group ${group} isn’t on the cluster: removed since the backup (grant ${await grantOfGroup()}).`,
    `the role viewer of ${later.handle} isn’t on the cluster: removed since the backup (grant ${await grantOf(later)}).`,
    `the role viewer of ${brief.handle} ends `,
  ])
    expect(out).toContain(sentence)
  expect(out).not.toContain(`${owner.handle} has a role in the database, but none`)
  expect(await kubectl('get', 'namespace', kept, '-o', 'jsonpath={.metadata.resourceVersion}')).toBe(before)

  const end = nextStep('UPDATE space_grant')
  for (const { handle } of [member, departingUser]) await asOwner(end, { cluster: 'default', namespace: kept, handle })
  const endGrant = nextStep('UPDATE space_grant SET removed_at')
  for (const grant of [await grantOfGroup(), await grantOf(later)]) await asOwner(endGrant, { grant })
  const until = /ends \S+, but (\S+) on the cluster: changed since/.exec(out)?.[1] ?? ''
  await asOwner(nextStep('UPDATE space_grant SET ends_at'), { grant: await grantOf(brief), end: until })
  const withhold = nextStep('UPDATE space_grant SET withheld_from')
  await asOwner(withhold, { grant: await grantOfGroup(), handle: departingUser.handle })
  await asOwner(nextStep('UPDATE user_account'), { handle: departingUser.handle })
  await asOwner(nextStep('UPDATE space SET'), { cluster: 'default', namespace: passed, handle: owner.handle })
  expect(await asOwner('SELECT user_id AS id FROM space_grant WHERE removed_at IS NULL')).toEqual([
    { id: brief.userId },
  ])
  expect(await asOwner('SELECT handle FROM user_account WHERE deactivated_at IS NOT NULL')).toEqual([
    { handle: departingUser.handle },
  ])
  const { out: after } = await spaceport('admin compare', postgres.urls.worker)
  expect(after).not.toMatch(new RegExp([member, departingUser, later, brief].map(({ handle }) => handle).join('|')))
  expect(after).not.toContain(group)
})

test('the verifier finds where the trail ends, using checkpoints stored elsewhere', async () => {
  const command = nextStep('audit-verify').replace(/CHECKPOINTS|KEYS/g, (file) => join(dir, file))
  const { status, out } = await spaceport(command)
  expect(out).toMatch(/cut off: the chain ends at block \d+, but the checkpoint of .* is of block \d+/)
  expect(status).toBe(1)
  expect(await spaceport('audit-verify')).toMatchObject({
    status: 0,
    out: expect.stringContaining('The trail is intact.'),
  })
})

test('once processes run, the cluster matches the database, and no removed person gets access', async () => {
  const { owner, member, departingUser, given } = people
  ;[worker, gateway] = await Promise.all([startWorker(), startGateway()])
  fixture = await openFixture()
  await expect.poll(() => boundIn(passed)).toBe(owner.handle)
  const inKept = async () => (await boundIn(kept)).split(' ').sort()
  await expect.poll(inKept).toEqual([owner.handle, people.brief.handle].sort())
  await expect.poll(() => kubectl('get', 'namespace', deleted, '-o', 'name')).toContain(deleted)
  for (const token of Object.values(tokens)) expect(await use(token, kept)).toBe(401)
  // Neither has a space to download a kubeconfig for.
  for (const actor of [member, departingUser])
    await expect(credential(actor)).rejects.toMatchObject({ code: 'not_found' })

  const token = await credential(owner)
  await expect.poll(() => use(token, kept)).toBe(200)
  await addGrant(fixture.as(owner), { space: { name: kept }, principal: given.handle, role: 'viewer' })
  const again = await credential(given)
  await expect.poll(() => use(again, kept)).toBe(200)
  await deleteSpace(fixture.as(owner), { space: { name: deleted }, confirmation: deleted })
  await expect.poll(() => statusOf(deleted)).toEqual(['deleted'])
})

test('a namespace created since stays, belongs to no one, and keeps its name until it is deleted', async () => {
  const { given } = people
  const uid = () => kubectl('get', 'namespace', made, '-o', 'jsonpath={.metadata.uid}')
  const before = await uid()
  const token = await credential(given)
  expect([403, 404]).toContain(await use(token, made))
  const make = () => createSpace(fixture.as(given), { name: made, ...plain })
  await expect(make()).rejects.toMatchObject({ code: 'namespace_taken' })
  expect(await uid()).toBe(before)
  expect([403, 404]).toContain(await use(token, made))

  await kubectl('delete', 'namespace', made)
  await make()
  await expect.poll(() => use(token, made)).toBe(200)
})

test('the trail continues and is intact, and contradicts the lost trail’s checkpoints', async () => {
  // The rows per block depend on the time of sealing. With fewer blocks than the lost trail, the verifier would report
  // “cut off” instead.
  const seal = async () => {
    // A refusal, after that many requests, is a row too.
    await credential(people.owner).catch(() => {})
    const [last] = await asOwner('SELECT max(number) AS number FROM audit_block')
    return Number(last?.number)
  }
  await expect.poll(seal, { interval: 500, timeout: 120_000 }).toBeGreaterThanOrEqual(lostBlock)
  await worker.stop()
  expect(await spaceport('audit-verify')).toMatchObject({
    status: 0,
    out: expect.stringContaining('The trail is intact.'),
  })
  const lost = await spaceport(
    `audit-verify --checkpoints ${join(dir, 'CHECKPOINTS')} --public-key ${join(dir, 'KEYS')}`,
  )
  expect(lost).toMatchObject({ status: 1, out: expect.stringContaining('checkpoint contradicted') })
  expect(crashes).toEqual([])
  expect(steps).toEqual([])
})
