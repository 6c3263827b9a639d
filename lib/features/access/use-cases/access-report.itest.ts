import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listSpaceActivity } from '#lib/features/audit/use-cases/list-audit.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import { type Cluster, type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { addGrant } from './add-grant.ts'
import { askWhatMay } from './ask-what-may.ts'
import { askWhoMay } from './ask-who-may.ts'
import { exportAccessReport } from './export-access-report.ts'
import { listAllSpaces } from './list-all-spaces.ts'
import { readAccessOfPerson, readAccessOfSpace } from './read-access-report.ts'
import { readSpaceBindings } from './read-space-bindings.ts'

let fixture: BrokerFixture
let admin: Cluster
let auditor: Actor
const opened: Clusters[] = []
beforeAll(async () => {
  fixture = await openBrokerFixture()
  auditor = await fixture.person('auditor', { platformRole: 'auditor' })
  const clusters = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  opened.push(clusters)
  admin = clusters.get('default')
})
afterAll(async () => {
  for (const clusters of opened) await clusters.close()
  await fixture.close()
})

const rbac = 'rbac.authorization.k8s.io/v1'
const clusterRole = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name })

/** Without rate limits, for polling. */
const patient = () => fixture.as(auditor, { withinRateLimit: (_use, _id, work) => work() })

async function makeSpace(owner: Actor) {
  const space = { name: uniqueName('glance') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  return { space, ...(await readSpace(fixture.as(owner), space)) }
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** Each line as its fields. No value in these tests contains a comma or newline. */
const linesOf = (text: string): Record<string, string>[] => {
  const [head = [], ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

test('a person’s access report shows each role with its origin, granter, end and last use', async () => {
  const group = `team-${randomUUID()}`
  const [owner, member] = await Promise.all([fixture.person('owner'), fixture.person('member', { groups: [group] })])
  const own = await makeSpace(member)
  const [direct, asked, grouped] = await Promise.all([makeSpace(owner), makeSpace(owner), makeSpace(owner)])
  const end = new Date(Date.now() + 86_400_000)
  await addGrant(fixture.as(owner), { space: direct.space, principal: member.handle, role: 'viewer', endsAt: end })
  await addGrant(fixture.as(owner), { space: grouped.space, principal: `group:${group}`, role: 'editor' })
  const { id } = await requestRole(fixture.as(member), {
    space: asked.space,
    role: 'editor',
    minutes: 60,
    reason: 'to fix',
  })
  const { payloadHash } = await readRequest(fixture.as(owner), { id })
  await decideRequest(fixture.as(owner), { id, payloadHash, decision: 'approve', reason: '', minutes: null })
  const used = new Date('2026-01-02T03:04:05Z')
  await fixture.owner.query('INSERT INTO space_use (space_id, user_id, last_used_at) VALUES ($1, $2, $3)', [
    direct.id,
    member.userId,
    used,
  ])
  await fixture.owner.query(
    `WITH made AS (INSERT INTO credential (id, user_id, token_hash, ends_at)
       VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour') RETURNING id)
     INSERT INTO credential_use (credential_id, last_used_at, address) SELECT id, now(), '10.0.0.9' FROM made`,
    [member.userId, randomBytes(32)],
  )

  const { rows, credentials, next } = await readAccessOfPerson(fixture.as(auditor), { person: member.handle })
  expect(next).toBeNull()
  const of = ({ name }: { name: string }) => rows.find((row) => row.space.name === name)
  const givenBy = { handle: owner.handle, name: owner.name }
  expect(rows).toHaveLength(4)
  expect(of(own)).toMatchObject({ standing: 'owner', givenBy: null, group: null, until: null, lastUsedAt: null })
  expect(of(direct)).toMatchObject({ standing: 'viewer', givenBy, until: end, requestId: null, lastUsedAt: used })
  expect(of(asked)).toMatchObject({ standing: 'editor', givenBy, requestId: id, until: expect.any(Date) })
  expect(of(grouped)).toMatchObject({ standing: 'editor', givenBy, group, issuer: null, until: null })
  expect(credentials.rows).toMatchObject([{ space: null, lastUsedAddress: '10.0.0.9' }])

  const lines = linesOf(
    await textOf(await exportAccessReport(fixture.as(auditor), { by: 'person', person: member.handle })),
  )
  expect(lines.map(({ record, space, role }) => [record, space, role])).toEqual([
    ...rows.map(({ space, standing }) => ['role', space.name, standing]),
    ['credential', '', ''],
  ])
  expect(lines.find(({ space }) => space === direct.name)).toMatchObject({
    given_by: owner.handle,
    last_used: used.toISOString(),
    until: end.toISOString(),
  })
})

test('the access report marks deactivated people, scheduled roles and withheld roles', async () => {
  const owner = await fixture.person('owner')
  const group = `team-${randomUUID()}`
  const [gone, platformAdmin, later] = await Promise.all([
    fixture.person('gone', { groups: [group] }),
    fixture.person('platform-admin', { platformRole: 'admin' }),
    fixture.person('later'),
  ])
  const { space, id } = await makeSpace(owner)
  const start = new Date(Date.now() + 3_600_000)
  await addGrant(fixture.as(platformAdmin), { space, principal: `group:${group}`, role: 'viewer', reason: 'a test' })
  await fixture.owner.query(
    `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES (gen_random_uuid(), $1, $2, 'editor', $3)`,
    [id, later.userId, start],
  )
  // Joining a group after granting it a role by platform role still gains nothing.
  await fixture.owner.query('INSERT INTO user_group VALUES ($1, $2)', [platformAdmin.userId, group])
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [gone.userId])
  const { rows } = await readAccessOfSpace(fixture.as(auditor), { space })
  expect(rows.map(({ person }) => person?.handle).sort()).toEqual([gone.handle, later.handle, owner.handle].sort())
  expect(rows.find(({ person }) => person?.handle === gone.handle)).toMatchObject({
    person: { deactivated: true },
    asPlatformAdmin: true,
    group,
  })
  expect(rows.find(({ person }) => person?.handle === later.handle)?.since).toEqual(start)

  // No worker has removed the deactivated person's binding yet, so the API server and the database differ.
  const answers = async () => {
    const { answers: all } = await askWhoMay(patient(), { space, verb: 'get', resource: 'pods' })
    return Object.fromEntries(all.map(({ person, allowed, differs }) => [person?.handle, { allowed, differs }]))
  }
  await vi.waitFor(
    async () =>
      expect(await answers()).toMatchObject({
        [gone.handle]: { allowed: true, differs: true },
        [later.handle]: { allowed: false, differs: false },
        [owner.handle]: { allowed: true, differs: false },
      }),
    20_000,
  )
  const theirs = await readAccessOfPerson(fixture.as(auditor), { person: gone.handle })
  expect(theirs.rows).toMatchObject([{ group, person: { handle: gone.handle, deactivated: true } }])
  expect((await readAccessOfPerson(fixture.as(auditor), { person: platformAdmin.handle })).rows).toEqual([])
})

test('a space shows foreign and modified bindings and their subjects', async () => {
  const [owner, intruder] = await Promise.all([fixture.person('owner'), fixture.person('intruder')])
  const { space, namespace } = await makeSpace(owner)
  const hostile = 'eve\u202e\u0007'
  const foreign = {
    apiVersion: rbac,
    kind: 'RoleBinding',
    metadata: { name: 'foreign', namespace, labels: { 'spaceport.dev/managed-by': 'spaceport' } },
    roleRef: clusterRole('edit'),
    subjects: [
      { kind: 'ServiceAccount', name: intruder.handle, namespace: 'spaceport-users' },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: hostile },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'ops' },
    ],
  }
  await applyObject(admin, foreign)
  // A cluster admin adds a subject to one of Spaceport's bindings.
  const path = `/apis/${rbac}/namespaces/${namespace}/rolebindings/spaceport:admin`
  await request(
    admin,
    {
      method: 'PATCH',
      path,
      contentType: 'application/json-patch+json',
      body: [{ op: 'add', path: '/subjects/-', value: foreign.subjects[0] }],
    },
    z.unknown(),
  )
  // Other tests may create ClusterRoleBindings.
  const inSpace = async () =>
    (await readSpaceBindings(fixture.as(auditor), { space }))?.bindings.filter(({ kind }) => kind === 'RoleBinding')
  await expect
    .poll(async () => (await inSpace())?.map(({ name, state }) => [name, state]), { interval: 250 })
    .toEqual([
      ['foreign', 'foreign'],
      ['spaceport:admin', 'changed'],
    ])
  expect((await inSpace())?.[0]?.subjects.map(({ name }) => name)).toEqual([intruder.handle, 'eve\ufffd\ufffd', 'ops'])

  const ask = () => askWhoMay(patient(), { space, verb: 'delete', resource: 'pods' })
  // The API server applies new bindings with a short delay.
  const allowedNames = async () =>
    (await ask()).answers.flatMap(({ allowed, subject }) => (allowed ? [subject.name] : []))
  await vi.waitFor(
    async () => expect(await allowedNames()).toEqual(expect.arrayContaining([intruder.handle, 'ops'])),
    20_000,
  )
  const { answers, right, leftOut } = await ask()
  expect({ right, leftOut }).toEqual({ right: 'delete pods', leftOut: 0 })
  const of = (name: string) => answers.find(({ subject }) => subject.name === name)
  expect(of(owner.handle)).toMatchObject({
    allowed: true,
    differs: false,
    reason: expect.stringContaining('spaceport:admin'),
  })
  expect(of(intruder.handle)).toMatchObject({ allowed: true, differs: true, person: { handle: intruder.handle } })
  expect(of('eve\ufffd\ufffd')).toMatchObject({ allowed: true, differs: true, person: null })
  expect(of('ops')).toMatchObject({ allowed: true, differs: true, subject: { kind: 'Group' } })
  for (const { reason, subject } of answers) expect(isPlainText(reason + subject.name)).toBe(true)

  const what = await askWhatMay(fixture.as(auditor), { space, person: intruder.handle })
  expect(what).toMatchObject({ role: null, missing: [] })
  expect(what.risks).toContain('secrets')
  expect(what.beyond.length).toBeGreaterThan(0)
  const ownRights = await askWhatMay(fixture.as(auditor), { space, person: owner.handle })
  expect(ownRights).toMatchObject({ role: 'admin', missing: [], beyond: [], incomplete: false })
  expect(ownRights.rights.find(({ resource }) => resource === 'secrets')).toMatchObject({ sensitive: true })

  const lines = linesOf(await textOf(await exportAccessReport(fixture.as(auditor), { by: 'space', space })))
  expect(
    lines
      .filter(({ binding }) => binding?.startsWith('RoleBinding/'))
      .map((line) => [line.binding, line.binding_state, line.subject]),
  ).toEqual([
    ['RoleBinding/foreign', 'foreign', `ServiceAccount/spaceport-users/${intruder.handle}`],
    ['RoleBinding/foreign', 'foreign', 'User/eve\ufffd\ufffd'],
    ['RoleBinding/foreign', 'foreign', 'Group/ops'],
    ['RoleBinding/spaceport:admin', 'changed', `ServiceAccount/spaceport-users/${owner.handle}`],
    ['RoleBinding/spaceport:admin', 'changed', `ServiceAccount/spaceport-users/${intruder.handle}`],
  ])
})

test('a permission on thousands of named objects lists only a few names', async () => {
  const owner = await fixture.person('owner')
  const { space, namespace } = await makeSpace(owner)
  const names = Array.from({ length: 3_000 }, (_, at) => `object-${at}`)
  const rule = { apiGroups: [''], resources: ['nodes', 'secrets'], verbs: ['impersonate'], resourceNames: names }
  const meta = { name: 'large', namespace }
  await applyObject(admin, { apiVersion: rbac, kind: 'Role', metadata: meta, rules: [rule] })
  const account = { kind: 'ServiceAccount', name: owner.handle, namespace: 'spaceport-users' }
  await applyObject(admin, {
    apiVersion: rbac,
    kind: 'RoleBinding',
    metadata: meta,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: meta.name },
    subjects: [account],
  })
  const limited = async () =>
    (await askWhatMay(patient(), { space, person: owner.handle })).rights.filter((right) => right.names.length)
  // The API server applies new bindings with a short delay.
  await vi.waitFor(async () => expect(await limited()).toHaveLength(2), 20_000)
  for (const right of await limited()) {
    expect(right.names).toHaveLength(21)
    expect(right.names.at(-1)).toBe('and 2980 more')
  }
})

test('with more candidates than the limit, the answer shows how many were left out', async () => {
  const owner = await fixture.person('owner')
  const { space } = await makeSpace(owner)
  const group = `crowd-${randomUUID()}`
  await fixture.owner.query(
    `WITH crowd AS (
       INSERT INTO user_account (id, issuer, subject, handle, name, email)
       SELECT gen_random_uuid(), 'https://issuer.test', $1 || n, 'crowd-' || left(md5($1 || n), 12), 'Crowd', '' FROM generate_series(1, 230) n RETURNING id)
     INSERT INTO user_group SELECT id, $1 FROM crowd`,
    [group],
  )
  await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'viewer' })
  const { answers, leftOut } = await askWhoMay(fixture.as(auditor), { space, verb: 'get', resource: 'pods' })
  expect(answers).toHaveLength(200)
  expect(leftOut).toBeGreaterThanOrEqual(31)
})

test('each query and download is in the trail but not in the activity that members see', async () => {
  const owner = await fixture.person('owner')
  const { space, id } = await makeSpace(owner)
  await askWhoMay(fixture.as(auditor), { space, verb: 'delete', resource: 'deployments' })
  await askWhatMay(fixture.as(auditor), { space, person: owner.handle })
  await textOf(await exportAccessReport(fixture.as(auditor), { by: 'space', space }))
  await expect(askWhoMay(fixture.as(owner), { space, verb: 'delete', resource: 'pods' })).rejects.toMatchObject({
    code: 'forbidden',
  })
  const { rows } = await fixture.owner.query(
    `SELECT e.action, e.actor_handle, e.target_id, coalesce(o.outcome, e.outcome)::text AS outcome, e.detail || coalesce(o.detail, '{}') AS detail
     FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
     WHERE e.intent_id IS NULL AND e.action LIKE 'access.%' AND e.request_id = 'test'
       AND (e.target_name = $1 OR e.detail #>> '{space,name}' = $1) ORDER BY e.seq`,
    [space.name],
  )
  expect(rows).toMatchObject([
    {
      action: 'access.ask',
      actor_handle: auditor.handle,
      target_id: id,
      outcome: 'ok',
      detail: {
        question: 'who-may',
        verb: 'delete',
        resource: 'deployments',
        asked: expect.any(Number),
        allowed: expect.any(Number),
        leftOut: 0,
      },
    },
    { action: 'access.ask', target_id: id, outcome: 'ok', detail: { question: 'what-may', person: owner.handle } },
    { action: 'access.export', outcome: 'ok', detail: { by: 'space' } },
    { action: 'access.ask', actor_handle: owner.handle, outcome: 'refused' },
  ])
  const activity = await listSpaceActivity(fixture.as(owner), { space })
  expect(activity.rows.map(({ action }) => action)).not.toContain('access.ask')
})

test('the full download has every person and space, and no cell that a spreadsheet would execute', async () => {
  const owner = await fixture.person('owner')
  const { space } = await makeSpace(owner)
  const names = ['=HYPERLINK(1)', '+1', '-1', '@x', '\tx', '\rx']
  for (const name of names) {
    const member = await fixture.person('formula')
    await fixture.owner.query('UPDATE user_account SET name = $2 WHERE id = $1', [member.userId, name])
    await addGrant(fixture.as(owner), { space, principal: member.handle, role: 'viewer' })
  }
  const counted = async (sql: string) => (await fixture.owner.query(sql)).rows[0].count
  const spaces = await counted(`SELECT count(*)::int FROM space WHERE status <> 'deleted'`)
  for (const by of ['person', 'space'] as const) {
    const text = await textOf(await exportAccessReport(fixture.as(auditor), { by }))
    const lines = linesOf(text)
    expect(lines.filter(({ role }) => role === 'owner')).toHaveLength(spaces)
    expect(lines.filter((line) => line.space === space.name)).toHaveLength(1 + names.length)
    for (const name of names.slice(0, -1)) expect(text, by).toContain(`,'${name},`)
    expect(text).toContain(`,"'\rx",`)
    expect(text).not.toMatch(/(^|,)"?[=+\-@\t]/m)
  }
})

test('a space name on two clusters needs the cluster, and unknown spaces and people are not found', async () => {
  const owner = await fixture.person('owner')
  const { space, id } = await makeSpace(owner)
  const other = uniqueName('elsewhere')
  await fixture.owner.query(
    `WITH there AS (INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), $2) RETURNING id)
     INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
     SELECT gen_random_uuid(), there.id, s.name, s.namespace, 'x', 'S', $3, 'ready' FROM space s, there WHERE s.id = $1`,
    [id, other, (await fixture.person('namesake')).userId],
  )
  const read = async (key: { name: string; cluster?: string }) => {
    const found = await readAccessOfSpace(fixture.as(auditor), { space: key })
    return [found.space.cluster, found.rows[0]?.person?.handle]
  }
  expect(await read(space)).toEqual(['default', owner.handle])
  expect(await read({ ...space, cluster: other })).toEqual([other, expect.stringContaining('namesake')])
  const { rows } = await listAllSpaces(fixture.as(auditor), { search: space.name })
  expect(rows.map(({ cluster }) => cluster).sort()).toEqual(['default', other].sort())
  for (const key of [
    { name: 'a\0b' },
    { name: 'x', cluster: 'y\0' },
    { name: 'no-such-space' },
    { ...space, cluster: 'no' },
  ]) {
    await expect(readAccessOfSpace(fixture.as(auditor), { space: key })).rejects.toMatchObject({ code: 'not_found' })
    await expect(readSpaceBindings(fixture.as(auditor), { space: key })).rejects.toMatchObject({ code: 'not_found' })
    await expect(exportAccessReport(fixture.as(auditor), { by: 'space', space: key })).rejects.toMatchObject({
      code: 'not_found',
    })
  }
  await expect(readAccessOfPerson(fixture.as(auditor), { person: 'nobody-000000' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(readAccessOfPerson(fixture.as(auditor), { person: 'a\0' })).rejects.toMatchObject({
    code: 'bad_input',
  })
  await expect(askWhatMay(fixture.as(auditor), { space, person: 'nobody-000000' })).rejects.toMatchObject({
    code: 'bad_input',
    fields: { person: expect.stringContaining('No one') },
  })
  for (const [verb, resource, field] of [
    ['Delete', 'pods', 'verb'],
    ['delete all', 'pods', 'verb'],
    ['get', 'pods exec', 'resource'],
    ['get', '../secrets', 'resource'],
    ['get', '*', 'resource'],
    ['get', 'pods/\u202e', 'resource'],
  ] as const)
    await expect(askWhoMay(fixture.as(auditor), { space, verb, resource })).rejects.toMatchObject({
      code: 'bad_input',
      fields: { [field]: expect.any(String) },
    })
})

test('while the cluster is unreachable, the database’s part is shown and downloaded, with a note about the rest', async () => {
  const owner = await fixture.person('owner')
  const { space } = await makeSpace(owner)
  const dir = mkdtempSync(`${tmpdir()}/spaceport-holdings-`)
  writeFileSync(
    `${dir}/kubeconfig`,
    readFileSync(inject('kubeBroker'), 'utf8').replace(/server: .*/, 'server: https://127.0.0.1:1'),
  )
  const clusters = connectClusters({ kubeconfig: `${dir}/kubeconfig`, clusters: [] })
  opened.push(clusters)
  const ctx = fixture.as(auditor, { clusters })
  expect((await readAccessOfSpace(ctx, { space })).rows).toHaveLength(1)
  const unreachable = { code: 'cluster_unreachable' }
  await expect(readSpaceBindings(ctx, { space })).rejects.toMatchObject(unreachable)
  await expect(askWhoMay(ctx, { space, verb: 'get', resource: 'pods' })).rejects.toMatchObject(unreachable)
  await expect(askWhatMay(ctx, { space, person: owner.handle })).rejects.toMatchObject(unreachable)
  const text = await textOf(await exportAccessReport(ctx, { by: 'space', space }))
  expect(text).toContain(owner.handle)
  expect(text).toMatch(/note,.*could not be read/)
  rmSync(dir, { recursive: true })
})
