import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { copyDatabase, ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { storedRules } from '#lib/kernel/model/policy/parse-policy.ts'
import { annotations, labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { rebuildCluster } from './rebuild-cluster.ts'
import { recordRebuild } from './record-rebuild.ts'

const run = promisify(execFile)
const dir = mkdtempSync(join(tmpdir(), 'spaceport-recovery-'))
const exported = join(dir, 'export.jsonl')

let own: OwnCluster
let clusters: Clusters
let fixture: BrokerFixture
let database: TestDatabase
let owner: Actor
let member: Actor
let grouped: Actor
let gone: Actor
const first = uniqueName('kept')
const second = uniqueName('kept')
const group = uniqueName('team')
let onCluster: (changed?: object) => { clusters: Clusters; patienceMs: number }

beforeAll(async () => {
  ;[own, fixture, database] = await Promise.all([openOwnCluster(), openBrokerFixture(), ownDatabase()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  onCluster = () => ({ clusters, patienceMs: 60_000 })
  owner = await fixture.person('owner')
  member = await fixture.person('member')
  grouped = await fixture.person('grouped', { groups: [group] })
  gone = await fixture.person('gone')
  const as = (actor: Actor) => fixture.as(actor, onCluster())
  const end = new Date(Date.now() + 40 * 24 * 3_600_000)
  await createSpace(as(owner), { name: first, description: 'Ours, “quoted”', size: 'M', endsAt: null })
  await createSpace(as(gone), { name: second, description: '', size: 'S', endsAt: null })
  await addGrant(as(owner), { space: { name: first }, principal: member.handle, role: 'admin', endsAt: end })
  await addGrant(as(owner), { space: { name: first }, principal: group, role: 'viewer' })
  await addGrant(as(gone), { space: { name: second }, principal: member.handle, role: 'editor' })
  const { configuredRules } = fixture.services
  await fixture.owner.query(
    `INSERT INTO policy_version (number, rules, reason, author_id, created_at) VALUES (3, $1, 'ours', $2, now())`,
    [storedRules(configuredRules), owner.userId],
  )
  await fixture.owner.query(
    `UPDATE user_account SET deactivated_at = now(), deactivation_reason = 'left' WHERE id = $1`,
    [gone.userId],
  )
  await checkAllForDrift(fixture.system(onCluster()), 'default')
}, 300_000)
afterAll(async () => {
  await Promise.allSettled([clusters?.close(), fixture?.close(), own?.close()])
  rmSync(dir, { recursive: true })
})

/**
 * Runs the operator's command, as an operator does.
 * @returns its output
 */
const admin = (databaseUrl: string, ...args: string[]) => adminOf(own.brokerKubeconfig, databaseUrl, ...args)
async function adminOf(kubeconfig: string, databaseUrl: string, ...args: string[]): Promise<string> {
  const env = {
    NODE_ENV: 'production' as const,
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    KUBECONFIG: kubeconfig,
  }
  const { stdout } = await run(join(projectRoot, 'bin/spaceport'), ['admin', ...args], { env })
  return stdout
}

async function rowsOf(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const read = async (text: string) => (await client.query(text)).rows
    return {
      people: await read(
        `SELECT id, issuer, subject, handle, name, email, deactivated_at IS NULL AS active FROM user_account ORDER BY id`,
      ),
      groups: await read(`SELECT user_id, "group" FROM user_group ORDER BY 1, 2`),
      spaces: await read(
        `SELECT s.id, c.name AS cluster, s.name, namespace, namespace_uid, creation, description, size, owner_id, status, ends_at, request_id
         FROM space s JOIN cluster c ON c.id = s.cluster_id ORDER BY s.id`,
      ),
      grants: await read(
        `SELECT id, space_id, user_id, "group", group_issuer, role, starts_at, ends_at, request_id, withheld_from, awaits_start
         FROM space_grant WHERE removed_at IS NULL ORDER BY id`,
      ),
      policy: await read(`SELECT number, rules, reason, author_id FROM policy_version`),
      trail: await read(`SELECT target_name, detail FROM audit_event WHERE action = 'database.rebuild'`),
    }
  } finally {
    await client.end()
  }
}

type Ours = {
  kind: string
  status?: unknown
  metadata: { resourceVersion?: string; managedFields: { subresource?: string }[] }
}

/**
 * @returns Spaceport's objects on the cluster with their versions, without what the quota controller counts in the
 *   meantime
 */
async function everything(): Promise<Ours[]> {
  const { stdout } = await run(inject('binaries').kubectl, [
    ...['--kubeconfig', own.adminKubeconfig, 'get', '-A', '-l', 'spaceport.dev/managed-by=spaceport'],
    ...['namespaces,rolebindings,resourcequotas,limitranges,networkpolicies,serviceaccounts'],
    ...['-o', 'json', '--show-managed-fields'],
  ])
  return (JSON.parse(stdout) as { items: Ours[] }).items.map((item) => {
    if (item.kind !== 'ResourceQuota') return item
    const { status: _, metadata, ...rest } = item
    const { resourceVersion: __, managedFields, ...kept } = metadata
    return {
      ...rest,
      metadata: { ...kept, managedFields: managedFields.filter((one) => one.subresource !== 'status') },
    }
  })
}

test('an export is readable only by its owner, needs only a read-only login, and contains no secrets', async () => {
  await admin(database.databaseUrls.worker, 'export', '--to', exported)
  expect(statSync(exported).mode & 0o777).toBe(0o600)
  await expect(admin(database.databaseUrls.worker, 'export', '--to', exported)).rejects.toThrow(/EEXIST/)
  const text = readFileSync(exported, 'utf8')
  for (const named of [owner.handle, member.email, group, first]) expect(text).toContain(named)
  expect(text).not.toMatch(/hash|token|secret|salt/i)
  const kinds = Map.groupBy(text.trim().split('\n'), (line) => (JSON.parse(line) as { kind: string }).kind)
  expect([...kinds.keys()]).toEqual(['begin', 'cluster', 'person', 'space', 'grant', 'policy', 'found', 'end'])
})

test('a database that is in use is not rebuilt', async () => {
  const before = await rowsOf(database.ownerDatabaseUrl)
  await expect(admin(database.ownerDatabaseUrl, 'rebuild', '--database', '--yes')).rejects.toThrow(/is in use/)
  expect(await rowsOf(database.ownerDatabaseUrl)).toEqual(before)
})

test('a lost database is restored from the cluster and an export, without changing the cluster', async () => {
  const before = await rowsOf(database.ownerDatabaseUrl)
  const lost = await copyDatabase()
  const input = ['rebuild', '--database', '--export', exported]
  expect(await admin(lost.ownerDatabaseUrl, ...input)).toContain('Nothing was changed')
  expect((await rowsOf(lost.ownerDatabaseUrl)).people).toEqual([])
  expect(await admin(lost.ownerDatabaseUrl, ...input, '--yes')).toContain('default: restored.')
  const after = await rowsOf(lost.ownerDatabaseUrl)
  const detail = { spaces: 2, grants: 3, people: 4, missing: 0, export: expect.any(String) }
  expect(after).toEqual({ ...before, trail: [{ target_name: 'default', detail }] })
  expect(await admin(lost.ownerDatabaseUrl, ...input, '--yes')).toContain('nothing to do')
  expect(await rowsOf(lost.ownerDatabaseUrl)).toEqual(after)

  const rebuilt = await openBrokerFixture({ database: lost })
  try {
    const there = await everything()
    expect(await checkAllForDrift(rebuilt.system(onCluster()), 'default')).toBe(0)
    expect(there.length).toBeGreaterThan(10)
    expect(await everything()).toEqual(there)
  } finally {
    await rebuilt.close()
  }
})

test('without an export, people who sign in keep their identity, and get only access that the clusters record', async () => {
  const lost = await copyDatabase()
  const lines = await admin(lost.ownerDatabaseUrl, 'rebuild', '--database', '--yes')
  expect(lines).toContain(`${gone.handle} is restored as deactivated`)
  const { people, groups, grants, policy } = await rowsOf(lost.ownerDatabaseUrl)
  const before = await rowsOf(database.ownerDatabaseUrl)
  expect(people).toEqual(before.people)
  expect(grants).toEqual(before.grants)
  expect([groups, policy]).toEqual([[], []])

  const rebuilt = await openBrokerFixture({ database: lost })
  try {
    const signIn = (subject: string, named: string[]) =>
      savePerson(
        rebuilt.services.db,
        {
          ...{ issuer: issuerOfTests, subject, name: 'Anew', email: 'a@example.com', emailUnverified: false },
          ...{ groups: named, leftOut: [], listed: [], platformRoleOf: () => 'member', at: new Date() },
        },
        () => uniqueName('another'),
        async () => {},
      )
    expect((await signIn(member.userId, [])).handle).toBe(member.handle)
    expect((await signIn(grouped.userId, [group])).handle).toBe(grouped.handle)
    expect((await signIn(gone.userId, [])).deactivatedAt).not.toBeNull()
    expect((await signIn('somebody new', [])).handle).toMatch(/^another/)
    // The provider named the group again, so nothing is missing on the cluster any more.
    expect(await checkAllForDrift(rebuilt.system(onCluster()), 'default')).toBe(0)
  } finally {
    await rebuilt.close()
  }
})

test('a person who signed in as a new person between two runs is reported, and nothing is restored', async () => {
  const lost = await copyDatabase()
  const db = createOwnerDb(lost.ownerDatabaseUrl)
  const anew = { id: randomUUID(), issuer: issuerOfTests, subject: member.userId, handle: uniqueName('another') }
  await db.user.create({ data: { ...anew, name: 'Anew', email: 'a@example.com' } })
  const before = recordRebuild('database.rebuild', 'another', { hostname: 'test', at: new Date() }, {})
  await inTransaction(db, (tx) => writeEventInTx(tx, before))
  await db.$disconnect()
  await expect(admin(lost.ownerDatabaseUrl, 'rebuild', '--database', '--yes')).rejects.toThrow(
    `default can’t be restored: since the last run, a new person has signed in who is, or has the handle of, ${member.handle}.`,
  )
  const { people, spaces } = await rowsOf(lost.ownerDatabaseUrl)
  expect([people.map(({ id }) => id), spaces]).toEqual([[anew.id], []])
})

test('a cluster that is not lost is not rebuilt', async () => {
  const db = createOwnerDb(database.ownerDatabaseUrl)
  const input = { db, cluster: clusters.get('default'), apply: true, hostname: 'test', at: new Date(), print: () => {} }
  await expect(rebuildCluster(input)).rejects.toThrow(/isn’t lost: 2 of 2/)
  await db.$disconnect()
})

test('a lost cluster is restored completely, and no foreign namespace is taken over', async () => {
  const fresh = connectClusters({ kubeconfig: inject('kubeBroker'), clusters: [] })
  const kubectl = async (...args: string[]) =>
    (await run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])).stdout
  const { spaces } = await rowsOf(database.ownerDatabaseUrl)
  const [kept, taken] = [first, second].map((name) => spaces.find((space) => space.name === name))
  // A copy of everything that a member of the old space could read of it.
  const copy = {
    metadata: {
      labels: { [labels.managedBy]: 'spaceport', [labels.spaceId]: taken.id, [labels.space]: second },
      annotations: { [annotations.creation]: taken.creation, [annotations.owner]: gone.handle },
    },
  }
  await kubectl('create', 'namespace', second)
  await kubectl('patch', 'namespace', second, '--type=merge', '-p', JSON.stringify(copy))
  const theirs = await kubectl('get', 'namespace', second, '-o', 'jsonpath={.metadata.uid}{.metadata.resourceVersion}')

  const db = createOwnerDb(database.ownerDatabaseUrl)
  const lines: string[] = []
  const input = { db, cluster: fresh.get('default'), hostname: 'test', at: new Date() }
  const print = (line: string) => void lines.push(line)
  expect(await rebuildCluster({ ...input, apply: false, print })).toBe(true)
  expect((await rowsOf(database.ownerDatabaseUrl)).spaces).toEqual(spaces)
  expect(lines.join('\n')).toContain(`${second}: namespace `)
  await rebuildCluster({ ...input, apply: true, print })
  await db.$disconnect()
  const open = await fixture.owner.query(
    `SELECT FROM space WHERE namespace_uid IS NOT NULL OR first_ready_at IS NOT NULL OR creation = ANY ($1)`,
    [spaces.map(({ creation }) => creation)],
  )
  expect(open.rowCount).toBe(0)

  // A kubeconfig from before the loss is refused until the space exists, then works again.
  const gateway = await openGatewayFixture()
  const kubeconfig = await gateway.credential(member)
  const use = async () => (await kubeconfig.run(['get', 'configmaps', '-n', first])).code
  expect(await use()).not.toBe(0)
  const system = fixture.system({ clusters: fresh, patienceMs: 60_000 })
  expect(await reconcileSpace(system, kept.id)).toEqual({ settled: true })
  expect(await reconcileSpace(system, taken.id)).toMatchObject({ settled: false, code: 'namespace_taken' })
  expect(await kubectl('get', 'namespace', second, '-o', 'jsonpath={.metadata.uid}{.metadata.resourceVersion}')).toBe(
    theirs,
  )
  expect(await kubectl('get', 'rolebindings', '-n', second, '-o', 'name')).toBe('')
  const bindings = await kubectl('get', 'rolebindings,resourcequotas,networkpolicies', '-n', first, '-o', 'name')
  for (const name of ['spaceport:admin', 'spaceport:editor', 'spaceport:viewer', 'resourcequota', 'networkpolicy'])
    expect(bindings).toContain(name)
  for (const { handle } of [owner, member, grouped])
    expect(await kubectl('get', 'serviceaccount', handle, '-n', 'spaceport-users', '-o', 'name')).toContain(handle)
  await expect.poll(use).toBe(0)
  await gateway.close()
  await kubectl('delete', 'namespace', first, second, '--wait=false')
  await fresh.close()
})

test('nothing is rebuilt if a cluster doesn’t answer or lacks an admission policy; an export records that it wasn’t read', async () => {
  const lost = await copyDatabase()
  const away = join(dir, 'away.kubeconfig')
  const kubeconfig = readFileSync(own.brokerKubeconfig, 'utf8')
  writeFileSync(away, kubeconfig.replace(own.broker.serverUrl, 'https://127.0.0.1:1'), { mode: 0o600 })
  const input = ['rebuild', '--database', '--export', exported]
  await expect(adminOf(away, lost.ownerDatabaseUrl, ...input, '--yes')).rejects.toThrow(/Cluster default can’t be read/)
  expect(await adminOf(away, database.databaseUrls.worker, 'export')).toContain('"kind":"unread","cluster":"default"')

  await run(inject('binaries').kubectl, [
    ...['--kubeconfig', own.adminKubeconfig, 'delete', 'validatingadmissionpolicybinding', 'spaceport-managed'],
  ])
  await expect
    .poll(() => admin(lost.ownerDatabaseUrl, ...input).catch((error: unknown) => String(error)), { interval: 500 })
    .toContain('Not all admission policies of cluster default are in force')
  await expect(admin(lost.ownerDatabaseUrl, ...input, '--yes')).rejects.toThrow(
    /Not all admission policies .* in force/,
  )
  const { people, spaces, trail } = await rowsOf(lost.ownerDatabaseUrl)
  expect({ people, spaces, trail }).toEqual({ people: [], spaces: [], trail: [] })
})
