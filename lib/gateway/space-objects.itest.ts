import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { openGatewayFixture, type Ran } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'

/** On its own control plane: on the shared one, workers of other tests would write these objects' status. */
let own: OwnCluster
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let mapping: Awaited<ReturnType<Awaited<ReturnType<typeof openGatewayFixture>>['start']>>
type Person = Awaited<ReturnType<typeof fixture.person>>
type Credential = Awaited<ReturnType<typeof fixture.credential>>
type Space = { id: string; namespace: string }

let owner: Person
let member: Person
let neighbour: Person
let git: Person
let space: Space
let theirs: Space
let as: Record<'owner' | 'member' | 'neighbour' | 'stranger' | 'git', Credential>

/** The namespace of the objects: two declare spaces, one of them of `neighbour`, and one waits for approval. */
const team = uniqueName('team')
const condition = (type: string, status: string, reason: string, message: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-01-01T00:00:00Z',
})

async function declare(name: string, of: Space | null): Promise<string> {
  const object = {
    apiVersion: spaceObjectVersion,
    kind: 'Space',
    metadata: { name, namespace: team, labels: { tool: 'a-tool' }, annotations: { note: 'private-annotation' } },
    spec: {
      size: 'S',
      description: 'for all',
      reason: 'private-reason',
      members: [{ person: 'private-person', role: 'viewer' }],
    },
  }
  await fixture.asAdmin(['apply', '-f', '-'], JSON.stringify(object))
  const status = {
    observedGeneration: 1,
    namespace: name,
    owner: 'owner',
    url: 'https://portal.example.com/spaces/x',
    requestUrl: 'https://portal.example.com/requests/private-request',
    conditions: [
      condition('Ready', of ? 'True' : 'False', of ? 'Ready' : 'WaitingForApproval', 'private-message'),
      condition('Stalled', 'False', 'Progressing', 'private-message'),
    ],
  }
  const patch = JSON.stringify({ status })
  await fixture.asAdmin(['patch', 'space', name, '-n', team, '--subresource=status', '--type=merge', '-p', patch])
  const uid = (await fixture.asAdmin(['get', 'space', name, '-n', team, '-o', 'jsonpath={.metadata.uid}'])).out
  if (of)
    await fixture.sql(
      'UPDATE space SET declared_namespace = $1, declared_uid = $2, declared_generation = 1 WHERE id = $3',
      [team, uid, of.id],
    )
  return uid
}

const waiting = uniqueName('waiting')

beforeAll(async () => {
  own = await openOwnCluster()
  fixture = await openGatewayFixture(own)
  const stranger = await fixture.person('stranger')
  ;[owner, member, neighbour, git] = (await Promise.all(
    ['owner', 'member', 'neighbour', 'git'].map((name) => fixture.person(name)),
  )) as [Person, Person, Person, Person]
  space = await fixture.space(owner, [{ member, role: 'viewer' }])
  theirs = await fixture.space(neighbour)
  await fixture.asAdmin(['create', 'namespace', team])
  await declare(space.namespace, space)
  await declare(theirs.namespace, theirs)
  await declare(waiting, null)
  mapping = await fixture.start({
    SPACEPORT_GIT_IDENTITIES: [
      { cluster: 'default', namespace: team, handle: git.handle },
      // A mistake: it is a space's namespace, where its members could write.
      { cluster: 'default', namespace: theirs.namespace, handle: git.handle },
      { cluster: 'other', namespace: 'default', handle: git.handle },
    ],
  })
  const people = { owner, member, neighbour, stranger, git }
  as = Object.fromEntries(
    await Promise.all(Object.entries(people).map(async ([name, one]) => [name, await fixture.credential(one)])),
  )
})
afterAll(async () => {
  await mapping?.stop()
  await fixture?.close()
  await own?.close()
})

const get = async (who: Credential, ...args: string[]) => {
  const ran = await who.run(['get', ...args])
  expect(ran.code, ran.all).toBe(0)
  return ran.out
}
const refusalOf = ({ code, all }: Ran, name: string): string => {
  expect(code, all).not.toBe(0)
  return all.replaceAll(name, 'NAME')
}

test('the owner of a declared space sees the whole object, except for what other tools added', async () => {
  const object = JSON.parse(await get(as.owner, 'space', space.namespace, '-n', team, '-o', 'json'))
  expect(object).toMatchObject({
    kind: 'Space',
    metadata: { name: space.namespace, namespace: team },
    spec: { size: 'S', reason: 'private-reason', members: [{ person: 'private-person' }] },
    status: { requestUrl: expect.any(String), conditions: [{ type: 'Ready', message: 'private-message' }, {}] },
  })
  expect(Object.keys(object.metadata).sort()).toEqual([
    'creationTimestamp',
    'generation',
    'name',
    'namespace',
    'resourceVersion',
    'uid',
  ])
})

test('a member sees that the space is ready, and nothing that the portal hides from members', async () => {
  const text = await get(as.member, 'space', space.namespace, '-n', team, '-o', 'json')
  expect(text).not.toContain('private-')
  expect(JSON.parse(text)).toMatchObject({
    spec: { size: 'S', description: 'for all' },
    status: {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Ready' },
        { type: 'Stalled', status: 'False', reason: 'Progressing' },
      ],
    },
  })
  const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`
  expect(await get(as.member, 'space', space.namespace, '-n', team, '-o', path)).toBe('True')
  const yaml = await get(as.member, 'spaces', '-n', team, '-o', 'yaml', '--show-managed-fields')
  expect(yaml).toContain(`name: ${space.namespace}`)
  expect(yaml).not.toMatch(/private-|managedFields|a-tool/)
})

test('tables have the columns of the API server, and only rows of one’s own objects', async () => {
  for (const args of [
    ['spaces', '-n', team],
    ['spaces', '-A'],
    ['space', space.namespace, '-n', team],
  ]) {
    const [head = '', row = '', ...others] = (await get(as.member, ...args)).trim().split('\n')
    expect(head.replace(/^NAMESPACE +/, '')).toMatch(/^NAME +READY +SYNCED +REASON +SIZE +EXPIRES +AGE$/)
    expect(row).toMatch(new RegExp(`${space.namespace} +True +.*Ready +S `))
    expect(others).toEqual([])
  }
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  for (const include of ['Object', 'Metadata', 'None']) {
    const text = await raw(as.member, `/namespaces/${team}/spaces?includeObject=${include}`, accept)
    expect(text).toContain(space.namespace)
    expect(text).not.toMatch(/private-|managedFields|a-tool/)
    expect(text).not.toContain(theirs.namespace)
  }
})

async function raw(who: Credential, path: string, accept = 'application/json'): Promise<string> {
  const { Agent, fetch } = await import('undici')
  const dispatcher = new Agent({ connect: { ca: fixture.ca } })
  try {
    const url = `https://127.0.0.1:${fixture.port}/clusters/default/apis/${spaceObjectVersion}${path}`
    return await (await fetch(url, { dispatcher, headers: { authorization: `Bearer ${who.token}`, accept } })).text()
  } finally {
    await dispatcher.close()
  }
}

test('another person’s object gets the refusal of a missing one', async () => {
  for (const [who, name] of [
    ['member', theirs.namespace],
    ['member', waiting],
    ['neighbour', space.namespace],
    ['stranger', space.namespace],
    ['git', space.namespace],
  ] as const) {
    const none = uniqueName('none')
    const [found, missing] = await Promise.all(
      [name, none].map(async (one) => refusalOf(await as[who].run(['get', 'space', one, '-n', team]), one)),
    )
    expect(found, `${who}, ${name}`).toBe(missing)
    expect(found).toContain('is forbidden')
    const [listed, absent] = await Promise.all(
      [name, none].map(async (one) =>
        refusalOf(await as[who].run(['get', 'spaces', '-n', team, '--field-selector', `metadata.name=${one}`]), one),
      ),
    )
    expect(listed, `${who}, ${name}`).toBe(absent)
  }
})

test('a namespace without one’s own objects gets the refusal of a missing one', async () => {
  const none = uniqueName('none')
  const [found, missing] = await Promise.all(
    [team, none].map(async (namespace) =>
      refusalOf(await as.stranger.run(['get', 'spaces', '-n', namespace]), namespace),
    ),
  )
  expect(found).toBe(missing)
  expect(await get(as.stranger, 'spaces', '-A', '-o', 'name')).toBe('')
})

test.each([
  ['a watch', ['get', 'spaces', '--watch-only']],
  ['a watch of all', ['get', 'spaces', '--watch-only', '-A']],
  ['a change', ['patch', 'space', '@', '--type=merge', '-p', '{"spec":{"size":"L"}}']],
  ['a change of the status', ['patch', 'space', '@', '--subresource=status', '--type=merge', '-p', '{"status":{}}']],
  ['the status alone', ['get', 'space', '@', '--subresource=status']],
  ['a deletion', ['delete', 'space', '@']],
  ['a deletion of all', ['delete', 'spaces', '--all']],
  ['another version', ['get', '--raw', `/apis/spaceport.dev/v1/namespaces/${team}/spaces`]],
  ['a selector of others', ['get', 'spaces', '--field-selector', 'spec.size=S']],
  ['a name with a selector in it', ['get', '--raw', `/apis/${spaceObjectVersion}/namespaces/${team}/spaces/a%2Cb`]],
])('nothing else can be done with an object, even by the owner: %s', async (_what, args) => {
  const given = args.map((arg) => (arg === '@' ? space.namespace : arg))
  const ran = await as.owner.run([...given, ...(args.includes('-A') || args.includes('--raw') ? [] : ['-n', team])])
  expect(ran.code, ran.all).not.toBe(0)
  expect(ran.out).not.toContain('private-')
})

test('a label selector selects among one’s own objects', async () => {
  expect(await get(as.member, 'spaces', '-n', team, '-l', 'tool=a-tool', '-o', 'name')).toContain(space.namespace)
  expect(await get(as.member, 'spaces', '-n', team, '-l', 'tool!=a-tool', '-o', 'name')).toBe('')
})

test('a person who loses the role sees nothing from then on', async () => {
  const former = await fixture.person('former')
  const grant = await fixture.grant(space.id, former, 'viewer')
  const credential = await fixture.credential(former)
  expect(await get(credential, 'spaces', '-n', team, '-o', 'name')).toContain(space.namespace)
  await fixture.sql('UPDATE space_grant SET removed_at = now() WHERE id = $1', [grant])
  await expect.poll(async () => (await credential.run(['get', 'spaces', '-n', team])).all).toContain('is forbidden')
  expect(await get(credential, 'spaces', '-A', '-o', 'name')).toBe('')
})

test('a future or ended role shows nothing', async () => {
  const late = await fixture.person('late')
  const credential = await fixture.credential(late)
  await fixture.grant(space.id, late, 'admin', -1_000)
  const early = await fixture.grant(theirs.id, late, 'admin')
  await fixture.sql(`UPDATE space_grant SET starts_at = now() + interval '1 hour' WHERE id = $1`, [early])
  for (const { namespace } of [space, theirs])
    expect((await credential.run(['get', 'space', namespace, '-n', team])).all).toContain('is forbidden')
})

test('a credential for one space shows only that space’s object', async () => {
  const both = await fixture.person('both')
  await fixture.grant(space.id, both, 'viewer')
  await fixture.grant(theirs.id, both, 'viewer')
  const bound = await fixture.credential(both, { spaceId: space.id })
  expect(await get(bound, 'spaces', '-n', team, '-o', 'name')).toBe(`space.spaceport.dev/${space.namespace}\n`)
  expect((await bound.run(['get', 'space', theirs.namespace, '-n', team])).all).toContain('is forbidden')
  const free = await fixture.credential(both)
  expect((await get(free, 'spaces', '-A', '-o', 'name')).trim().split('\n')).toHaveLength(2)
})

test('another object with the same name is not the one that declares the space', async () => {
  const short = await fixture.space(owner, [{ member, role: 'viewer' }])
  await declare(short.namespace, short)
  expect(await get(as.member, 'space', short.namespace, '-n', team, '-o', 'name')).toContain(short.namespace)
  await fixture.asAdmin(['delete', 'space', short.namespace, '-n', team])
  await declare(short.namespace, null)
  expect((await as.member.run(['get', 'space', short.namespace, '-n', team])).all).toContain('is forbidden')
})

test('an object without its withdrawn space is shown to no one', async () => {
  const taken = await fixture.space(owner, [{ member, role: 'viewer' }])
  await declare(taken.namespace, taken)
  expect(await get(as.owner, 'space', taken.namespace, '-n', team, '-o', 'name')).toContain(taken.namespace)
  await fixture.sql('UPDATE space SET declared_namespace = NULL WHERE id = $1', [taken.id])
  expect((await as.owner.run(['get', 'space', taken.namespace, '-n', team])).all).toContain('is forbidden')
})

test('the person a namespace is mapped to sees all objects there, even those without a space', async () => {
  const server = `--server=https://127.0.0.1:${mapping.port}/clusters/default`
  const listed = await get(as.git, 'spaces', '-n', team, '-o', 'json', server)
  expect(listed).toContain(waiting)
  expect(listed).toContain('WaitingForApproval')
  expect(listed).not.toMatch(/private-annotation|a-tool/)
  expect((await as.git.run(['get', 'spaces', '-n', theirs.namespace, server])).all).toContain('is forbidden')
  expect((await as.stranger.run(['get', 'spaces', '-n', team, server])).all).toContain('is forbidden')
  const inSpace = await fixture.person('in-space')
  await fixture.grant(space.id, inSpace, 'viewer')
  const bound = await fixture.credential(inSpace, { spaceId: space.id })
  expect((await bound.run(['get', 'space', waiting, '-n', team, server])).all).toContain('is forbidden')
})

test('questions about rights are answered like requests', async () => {
  const can = async (who: Credential, verb: string, name: string, namespace = team) =>
    (await who.run(['auth', 'can-i', verb, name, '-n', namespace])).out.slice(0, 3).trim()
  expect(await can(as.member, 'get', `spaces.spaceport.dev/${space.namespace}`)).toBe('yes')
  expect(await can(as.member, 'list', 'spaces.spaceport.dev')).toBe('yes')
  expect(await can(as.member, 'get', `spaces.spaceport.dev/${theirs.namespace}`)).toBe('no')
  expect(await can(as.member, 'watch', 'spaces.spaceport.dev')).toBe('no')
  expect(await can(as.member, 'update', 'spaces.spaceport.dev')).toBe('no')
  expect(await can(as.stranger, 'list', 'spaces.spaceport.dev')).toBe('no')
  expect(await can(as.member, 'list', 'spaces.spaceport.dev', 'default')).toBe('no')
})

test('a deactivated person sees nothing', async () => {
  const gone = await fixture.person('gone')
  await fixture.grant(space.id, gone, 'viewer')
  const credential = await fixture.credential(gone)
  expect(await get(credential, 'spaces', '-n', team, '-o', 'name')).toContain(space.namespace)
  await fixture.sql('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [gone.userId])
  await expect.poll(async () => (await credential.run(['get', 'spaces', '-A'])).code).not.toBe(0)
})

test('without the right to list them, the gateway says who must act, and nothing about itself', async () => {
  const role = JSON.parse((await fixture.asAdmin(['get', 'clusterrole', 'spaceport:gateway', '-o', 'json'])).out)
  const less = { ...role, rules: role.rules.filter((rule: { apiGroups: string[] }) => rule.apiGroups[0] === '') }
  await fixture.asAdmin(
    ['replace', '-f', '-'],
    JSON.stringify({ ...less, metadata: { name: 'spaceport:gateway', labels: role.metadata.labels } }),
  )
  try {
    await expect
      .poll(async () => (await as.owner.run(['get', 'spaces', '-n', team])).all)
      .toContain('ask a platform admin to reapply its manifests')
    expect((await as.owner.run(['get', 'spaces', '-n', team])).all).not.toContain('spaceport-gateway')
  } finally {
    await fixture.asAdmin(
      ['replace', '-f', '-'],
      JSON.stringify({ ...role, metadata: { name: 'spaceport:gateway', labels: role.metadata.labels } }),
    )
  }
})
