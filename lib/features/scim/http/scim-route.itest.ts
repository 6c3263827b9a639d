/** The SCIM server from outside: attacks, and the exchanges that Okta and Entra document. */
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addScimToken,
  type ScimClient,
  scimClient,
  scimGroup,
  scimPatch,
  scimUser,
} from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import * as urns from '#lib/features/scim/protocol/urns.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

let web: WebFixture
let admin: Actor
let token: string
let scim: ScimClient

beforeAll(async () => {
  web = await openWebFixture()
  admin = await web.broker.person('admin', { platformRole: 'admin' })
  token = (await addScimToken(web.broker.owner, admin)).token
  scim = scimClient(web.url, token)
}, 300_000)
afterAll(() => web?.close())

const error = (status: number, scimType?: string) => ({
  schemas: [urns.errorMessage],
  status: String(status),
  ...(scimType && { scimType }),
  detail: expect.any(String),
})

/** @returns the id of a new user */
async function add(userName: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { status, body } = await scim('POST', '/Users', scimUser(userName, more))
  expect(status, JSON.stringify(body)).toBe(201)
  return body.id
}

describe('without a token in force', () => {
  test('every request gets the same refusal; tokens in a query or cookie are ignored', async () => {
    const cookie = await web.signIn(admin)
    const wrong = `sps_${'x'.repeat(43)}`
    const answers = await Promise.all([
      scimClient(web.url, undefined)('GET', '/Users'),
      scimClient(web.url, wrong)('GET', '/Users'),
      scimClient(web.url, '')('GET', '/ServiceProviderConfig'),
      scimClient(web.url, undefined)('GET', '/Users', undefined, { cookie }),
      scimClient(web.url, undefined)('GET', `/Users?access_token=${token}&token=${token}`),
      scimClient(web.url, undefined)('POST', '/Users', scimUser('stranger')),
      scimClient(web.url, undefined)('POST', '/Users', '{', { authorization: `Basic ${btoa(`x:${token}`)}` }),
      scimClient(web.url, undefined)('GET', '/no-such-thing'),
      scimClient(web.url, `${token}x`)('DELETE', '/Users/1'),
      scimClient(web.url, token.toUpperCase())('GET', '/Users'),
    ])
    for (const { status, body, headers } of answers) {
      expect(status).toBe(401)
      expect(body).toEqual(error(401))
      expect(headers.get('content-type')).toBe('application/scim+json; charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('www-authenticate')).toContain('Bearer')
    }
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  test('a kubeconfig’s credential is refused here, and the token is refused by the portal', async () => {
    expect((await scimClient(web.url, `spt_${'x'.repeat(43)}`)('GET', '/Users')).status).toBe(401)
    const page = await web.get('/api/rows/people', { authorization: `Bearer ${token}` })
    expect(page.status).toBe(401)
  })
})

describe('input that is always refused', () => {
  test('bodies that are too large, too deeply nested, of another media type, or not a JSON object', async () => {
    const deep = `{"schemas":[],"name":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`
    const large = JSON.stringify(scimUser('large', { nickName: 'x'.repeat(2 * 1024 * 1024) }))
    const members = Array.from({ length: 10_001 }, () => '11111111-1111-4111-8111-111111111111')
    const group = (await scim('POST', '/Groups', scimGroup(uniqueName('full')))).body.id
    const patch = scimPatch({ op: 'add', path: 'members', value: members.map((value) => ({ value })) })
    expect(await scim('POST', '/Users', large)).toMatchObject({ status: 413, body: error(413) })
    expect(await scim('PATCH', `/Groups/${group}`, patch)).toMatchObject({ status: 413, body: error(413) })
    expect(await scim('POST', '/Users', deep)).toMatchObject({ status: 400, body: error(400, 'invalidSyntax') })
    for (const body of ['', '[]', 'null', '"x"', '{', '{"userName":"x"'])
      expect((await scim('POST', '/Users', body)).body).toEqual(error(400, 'invalidSyntax'))
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data'])
      expect((await scim('POST', '/Users', scimUser('typed'), { 'content-type': type })).status).toBe(415)
    expect((await scim('POST', '/Users', scimUser('packed'), { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  test('the size limit also holds for bodies of undeclared length', async () => {
    const chunks = async function* () {
      for (let sent = 0; sent < 300; sent++) yield Buffer.alloc(10_000, 'x')
    }
    const answer = await fetch(`${web.url}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: Readable.toWeb(Readable.from(chunks())),
      duplex: 'half',
    } as RequestInit).catch(() => null)
    // The server may close the connection before the body is complete.
    if (answer) expect(answer.status).toBe(413)
    expect((await scim('GET', '/Users?count=0')).status).toBe(200)
  })

  test('names and paths that aim at prototypes', async () => {
    const id = await add(uniqueName('proto'))
    const raw = (text: string) => scim('PATCH', `/Users/${id}`, text)
    const operation = (path: string) =>
      `{"schemas":["${urns.patchOp}"],"Operations":[{"op":"add","path":${JSON.stringify(path)},"value":"x"}]}`
    for (const path of ['__proto__.polluted', 'constructor.prototype.polluted', 'name.__proto__.polluted', '__proto__'])
      expect((await raw(operation(path))).body, path).toEqual(error(400, 'invalidPath'))
    await raw(
      `{"schemas":["${urns.patchOp}"],"Operations":[{"op":"add","value":{"__proto__":{"polluted":1},"nickName":"n"}}]}`,
    )
    const { status } = await scim('POST', '/Users', `{"__proto__":{"userName":"x","externalId":"y"},"schemas":[]}`)
    expect(status).toBe(400)
    expect((await scim('GET', '/Users?filter=__proto__ eq "x"')).body).toEqual(error(400, 'invalidFilter'))
    const { body } = await scim('GET', `/Users/${id}`)
    expect(body).toMatchObject({ nickName: 'n' })
    expect(body.polluted).toBeUndefined()
  })

  test('filters that inject SQL, don’t terminate, or are expensive', async () => {
    const name = uniqueName(`o'hara`)
    await add(name)
    const found = async (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)
    for (const value of [`' OR '1'='1`, `x') OR true --`, `%`, `_`, '\\', `${name}\\`, `$1`])
      expect((await found(`userName eq ${JSON.stringify(value)}`)).body, value).toMatchObject({ totalResults: 0 })
    expect((await found(`userName eq ${JSON.stringify(name.toUpperCase())}`)).body).toMatchObject({ totalResults: 1 })
    expect((await found(`name.familyName co "%" or title sw "_"`)).body).toMatchObject({ totalResults: 0 })
    for (const filter of [
      'userName',
      'userName eq',
      'userName eq "x',
      'userName zz "x"',
      'userName eq "x" garbage',
      'nothing eq "x"',
      'userName[value eq "x"]',
      `"${'\n'.repeat(60)}`,
      `${'('.repeat(200)}active pr${')'.repeat(200)}`,
      Array.from({ length: 101 }, () => 'active pr').join(' or '),
      `userName eq "${'x'.repeat(5_000)}"`,
      'userName eq "a\\u0000b"',
      `id eq "x'; DROP TABLE scim_user; --"; DROP`,
    ])
      expect((await found(filter)).body, filter.slice(0, 60)).toEqual(error(400, 'invalidFilter'))
  })

  test('missing resources and unsupported methods', async () => {
    for (const path of [
      '/Users/1',
      '/Users/11111111-1111-4111-8111-111111111111',
      '/Groups/x',
      '/Users/x/y',
      '/Things',
    ])
      expect(await scim('GET', path), path).toMatchObject({ status: 404, body: error(404) })
    expect(await scim('POST', '/Bulk', {})).toMatchObject({ status: 501, body: error(501) })
    expect((await scim('GET', '/Me')).status).toBe(501)
    expect((await scim('PUT', '/Users', scimUser('x'))).status).toBe(405)
    expect((await scim('DELETE', '/Schemas')).status).toBe(405)
  })
})

test('the server describes itself as RFC 7643 requires', async () => {
  const [config, types, schemas, one] = await Promise.all([
    scim('GET', '/ServiceProviderConfig'),
    scim('GET', '/ResourceTypes'),
    scim('GET', '/Schemas'),
    scim('GET', `/Schemas/${urns.enterpriseUser}`),
  ])
  expect(config.body).toMatchObject({
    patch: { supported: true },
    etag: { supported: true },
    bulk: { supported: false },
  })
  expect(types.body.Resources.map(({ id }: { id: string }) => id)).toEqual(['User', 'Group'])
  expect(schemas.body.totalResults).toBe(3)
  expect(one.body).toMatchObject({ id: urns.enterpriseUser, name: 'EnterpriseUser' })
  expect((await scim('GET', '/Schemas/urn:none')).status).toBe(404)
})

describe('versions', () => {
  test('a change based on an old version is refused, and an unchanged resource isn’t sent again', async () => {
    const id = await add(uniqueName('tagged'))
    const path = `/Users/${id}`
    const first = (await scim('GET', path)).headers.get('etag') ?? ''
    const nick = (nickName: string, tag: string) =>
      scim('PATCH', path, scimPatch({ op: 'replace', path: 'nickName', value: nickName }), { 'if-match': tag })
    const { headers, body } = await nick('one', first)
    const second = headers.get('etag') ?? ''
    expect(second).not.toBe(first)
    expect(body.meta.version).toBe(second)
    expect(await nick('two', first)).toMatchObject({ status: 412, body: error(412) })
    expect((await scim('DELETE', path, undefined, { 'if-match': first })).status).toBe(412)
    expect((await scim('GET', path)).body.nickName).toBe('one')
    expect((await scim('GET', path, undefined, { 'if-none-match': second })).status).toBe(304)
    expect((await scim('GET', path, undefined, { 'if-none-match': first })).status).toBe(200)
    expect((await nick('three', `"x", ${second}`)).status).toBe(200)
    expect((await nick('four', '*')).status).toBe(200)
  })

  test('a group’s version changes with its members, and a user’s with their groups', async () => {
    const member = await add(uniqueName('moves'))
    const group = (await scim('POST', '/Groups', scimGroup(uniqueName('moved')))).body.id
    const tagOf = async (path: string) => (await scim('GET', path)).headers.get('etag')
    const before = [await tagOf(`/Groups/${group}`), await tagOf(`/Users/${member}`)]
    await scim('PATCH', `/Groups/${group}`, scimPatch({ op: 'add', path: 'members', value: [{ value: member }] }))
    const after = [await tagOf(`/Groups/${group}`), await tagOf(`/Users/${member}`)]
    expect(after[0]).not.toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    await scim('DELETE', `/Users/${member}`)
    expect(await tagOf(`/Groups/${group}`)).not.toBe(after[0])
    expect((await scim('GET', `/Groups/${group}`)).body.members).toEqual([])
  })
})

test('a patch is applied completely or not at all', async () => {
  const id = await add(uniqueName('whole'), { nickName: 'before' })
  const { status, body } = await scim(
    'PATCH',
    `/Users/${id}`,
    scimPatch({ op: 'replace', path: 'nickName', value: 'after' }, { op: 'replace', path: 'active', value: 'maybe' }),
  )
  expect({ status, body }).toEqual({ status: 400, body: error(400, 'invalidValue') })
  const group = uniqueName('half')
  const { id: groupId } = (await scim('POST', '/Groups', scimGroup(group))).body
  const missing = '11111111-1111-4111-8111-111111111111'
  const bad = scimPatch(
    { op: 'replace', path: 'displayName', value: `${group}-2` },
    { op: 'add', path: 'members', value: [{ value: id }, { value: missing }] },
  )
  expect((await scim('PATCH', `/Groups/${groupId}`, bad)).body).toEqual(error(400, 'invalidValue'))
  expect((await scim('GET', `/Users/${id}`)).body.nickName).toBe('before')
  expect((await scim('GET', `/Groups/${groupId}`)).body).toMatchObject({ displayName: group, members: [] })
})

test('a userName (in any case) and an externalId belong to one person, even when two requests arrive at once', async () => {
  const name = uniqueName('Same')
  const both = await Promise.all([
    scim('POST', '/Users', scimUser(name, { externalId: `${name}-1` })),
    scim('POST', '/Users', scimUser(name.toUpperCase(), { externalId: `${name}-2` })),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  const other = await add(uniqueName('other'))
  const rename = scimPatch({ op: 'replace', path: 'userName', value: name.toLowerCase() })
  expect((await scim('PATCH', `/Users/${other}`, rename)).body).toEqual(error(409, 'uniqueness'))
  const again = await scim('POST', '/Users', scimUser(uniqueName('new'), { externalId: `ext-${name}` }))
  expect(again.status).toBe(201)
  expect((await scim('POST', '/Users', scimUser(uniqueName('new'), { externalId: `ext-${name}` }))).body).toEqual(
    error(409, 'uniqueness'),
  )
})

test('lists have pages and contain only the selected attributes', async () => {
  const prefix = uniqueName('paged')
  for (const n of [1, 2, 3]) await add(`${prefix}-${n}`, { name: { givenName: 'G', familyName: `F${n}` } })
  const list = async (query: string) =>
    (await scim('GET', `/Users?filter=${encodeURIComponent(`userName sw "${prefix}"`)}&${query}`)).body
  expect(await list('startIndex=2&count=1')).toMatchObject({
    totalResults: 3,
    startIndex: 2,
    itemsPerPage: 1,
    Resources: [{ userName: `${prefix}-2` }],
  })
  expect(await list('count=0')).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] })
  expect(await list('startIndex=-5&count=100000')).toMatchObject({ startIndex: 1, itemsPerPage: 3 })
  expect(await list('startIndex=99999999999')).toMatchObject({ totalResults: 3, itemsPerPage: 0 })
  const search = {
    schemas: [urns.searchRequest],
    filter: `userName sw "${prefix}"`,
    count: 1,
    attributes: ['userName'],
  }
  expect((await scim('POST', '/Users/.search', search)).body).toMatchObject({
    totalResults: 3,
    Resources: [{ userName: `${prefix}-1` }],
  })
  const group = (await scim('POST', '/Groups', scimGroup(prefix))).body.id
  const both = { schemas: [urns.searchRequest], filter: `userName eq "${prefix}-3" or displayName eq "${prefix}"` }
  expect((await scim('POST', '/.search', both)).body).toMatchObject({
    totalResults: 1,
    Resources: [{ userName: `${prefix}-3` }],
  })
  const named = { ...both, filter: `displayName eq "${prefix}"` }
  expect((await scim('POST', '/.search', named)).body).toMatchObject({ totalResults: 1, Resources: [{ id: group }] })
  expect((await scim('POST', '/.search', { ...both, filter: 'nothing pr' })).body).toEqual(error(400, 'invalidFilter'))
  expect((await scim('POST', '/Groups/.search', { count: 1 })).body).toEqual(error(400, 'invalidSyntax'))
  expect(await list('count=x')).toEqual(error(400, 'invalidValue'))
  const [some] = (await list('attributes=userName,name.familyName&count=1')).Resources
  expect(some).toEqual({
    schemas: [urns.coreUser],
    id: expect.any(String),
    userName: `${prefix}-1`,
    name: { familyName: 'F1' },
  })
  const [rest] = (await list('excludedAttributes=name,meta,groups&count=1')).Resources
  expect(Object.keys(rest).sort()).toEqual(['active', 'externalId', 'id', 'schemas', 'userName'])
})

// Okta: developer.okta.com, "SCIM 2.0 protocol reference", Users and Groups.
test('Okta provisions, updates, pushes a group, deactivates and reactivates', async () => {
  const name = `${uniqueName('okta')}@example.com`
  expect((await scim('GET', '/Users?startIndex=1&count=2')).status).toBe(200)
  const filter = encodeURIComponent(`userName eq "${name}"`)
  expect((await scim('GET', `/Users?filter=${filter}&startIndex=1&count=100`)).body).toMatchObject({
    totalResults: 0,
    Resources: [],
  })
  const whole = {
    schemas: [urns.coreUser],
    userName: name,
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: name, type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: `00u${uniqueName('x')}`,
    groups: [],
    password: '1mz050nq',
    active: true,
  }
  const created = await scim('POST', '/Users', whole, { 'content-type': 'application/scim+json; charset=utf-8' })
  expect(created).toMatchObject({ status: 201, body: { userName: name, active: true, meta: { resourceType: 'User' } } })
  expect(JSON.stringify(created.body)).not.toContain('1mz050nq')
  const { id } = created.body
  expect(created.headers.get('location')).toBe(`${web.url}/scim/v2/Users/${id}`)
  const updated = await scim('PUT', `/Users/${id}`, {
    ...whole,
    id,
    name: { givenName: 'Another', familyName: 'User' },
    meta: created.body.meta,
  })
  expect(updated).toMatchObject({ status: 200, body: { id, name: { givenName: 'Another' }, active: true } })

  const group = await scim('POST', '/Groups', {
    schemas: [urns.coreGroup],
    displayName: uniqueName('Okta Group'),
    members: [],
  })
  expect(group.status).toBe(201)
  const path = `/Groups/${group.body.id}`
  const members = async () => (await scim('GET', path)).body.members.map(({ value }: { value: string }) => value)
  expect(
    (await scim('PATCH', path, scimPatch({ op: 'add', path: 'members', value: [{ value: id, display: name }] })))
      .status,
  ).toBe(204)
  expect(await members()).toEqual([id])
  const renamed = uniqueName('Renamed')
  await scim('PATCH', path, scimPatch({ op: 'replace', value: { id: group.body.id, displayName: renamed } }))
  expect((await scim('GET', path)).body.displayName).toBe(renamed)
  await scim('PATCH', path, scimPatch({ op: 'remove', path: `members[value eq "${id}"]` }))
  expect(await members()).toEqual([])
  await scim('PATCH', path, scimPatch({ op: 'replace', path: 'members', value: [{ value: id }] }))
  expect(await members()).toEqual([id])

  const active = (value: boolean) =>
    scim('PATCH', `/Users/${id}`, scimPatch({ op: 'replace', value: { active: value } }))
  expect((await active(false)).body.active).toBe(false)
  expect((await scim('GET', `/Users/${id}`)).body.active).toBe(false)
  expect((await active(true)).body.active).toBe(true)
  expect((await scim('PUT', `/Users/${id}`, { ...whole, active: false })).body.active).toBe(false)
  expect((await scim('DELETE', path)).status).toBe(204)
})

// Entra: learn.microsoft.com, "Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID".
test('Entra provisions, patches in its own spelling, deletes softly and then hard', async () => {
  const name = `Test_User_${uniqueName('e')}@example.com`
  const externalId = crypto.randomUUID()
  const flag = '&aadOptscim062020'
  const query = (filter: string) => scim('GET', `/Users?filter=${encodeURIComponent(filter)}${flag}`)
  expect((await query(`externalId eq "${externalId}"`)).body).toMatchObject({ totalResults: 0 })
  const created = await scim('POST', '/Users', {
    schemas: [urns.coreUser, urns.enterpriseUser],
    externalId,
    userName: name,
    active: true,
    emails: [{ primary: true, type: 'work', value: name }],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    roles: [],
    [urns.enterpriseUser]: { department: 'bob', manager: '26118915-6090-4610-87e4-49d8ca9f808d' },
  })
  expect(created).toMatchObject({ status: 201, body: { schemas: [urns.coreUser, urns.enterpriseUser] } })
  const { id } = created.body
  const path = `/Users/${id}`
  expect((await query(`userName eq "${name}"`)).body).toMatchObject({ totalResults: 1, Resources: [{ id }] })
  expect((await query(`emails[type eq "work"].value eq "${name}"`)).body).toMatchObject({ totalResults: 1 })
  const patched = await scim(
    'PATCH',
    path,
    scimPatch(
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@example.com' },
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'home@example.com' },
      { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
      { op: 'Add', path: `${urns.enterpriseUser}:employeeNumber`, value: 42 },
      { op: 'Add', path: `${urns.enterpriseUser}:manager`, value: 'a-manager' },
      {
        op: 'Replace',
        value: { displayName: 'Shown', 'name.givenName': 'dotted', [`${urns.enterpriseUser}:department`]: 'ops' },
      },
      { op: 'Remove', path: 'title' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'ignored' },
    ),
  )
  expect(patched).toMatchObject({
    status: 200,
    body: {
      displayName: 'Shown',
      name: { familyName: 'updatedFamilyName', givenName: 'dotted' },
      emails: [
        { type: 'work', value: 'updated@example.com', primary: true },
        { type: 'home', value: 'home@example.com' },
      ],
      [urns.enterpriseUser]: { employeeNumber: '42', department: 'ops', manager: { value: 'a-manager' } },
    },
  })
  const group = await scim('POST', '/Groups', {
    schemas: [urns.coreGroup, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: '8aa1a0c0',
    displayName: uniqueName('Entra'),
    meta: { resourceType: 'Group' },
  })
  expect(group.status).toBe(201)
  const groupPath = `/Groups/${group.body.id}`
  expect((await scim('GET', `${groupPath}?excludedAttributes=members${flag}`)).body.members).toBeUndefined()
  const find = encodeURIComponent(`displayName eq "${group.body.displayName}"`)
  expect((await scim('GET', `/Groups?excludedAttributes=members&filter=${find}`)).body).toMatchObject({
    totalResults: 1,
  })
  expect(
    (await scim('PATCH', groupPath, scimPatch({ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] })))
      .status,
  ).toBe(204)
  const among = encodeURIComponent(`members eq "${id}" and id eq "${group.body.id}"`)
  expect((await scim('GET', `/Groups?attributes=id&filter=${among}`)).body).toMatchObject({ totalResults: 1 })
  expect(
    (await scim('PATCH', groupPath, scimPatch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] })))
      .status,
  ).toBe(204)
  expect((await scim('GET', groupPath)).body.members).toEqual([])

  const active = (value: string) => scim('PATCH', path, scimPatch({ op: 'Replace', path: 'active', value }))
  expect((await active('False')).body.active).toBe(false)
  expect((await query(`userName eq "${name}"`)).body).toMatchObject({ Resources: [{ active: false }] })
  expect((await active('True')).body.active).toBe(true)
  await active('False')
  expect((await scim('DELETE', path)).status).toBe(204)
  expect((await scim('GET', path)).status).toBe(404)
  expect((await scim('DELETE', path)).status).toBe(404)
  expect((await query(`externalId eq "${externalId}"`)).body).toMatchObject({ totalResults: 0 })
})

test('trailing and doubled slashes in an address are ignored', async () => {
  expect(await scim('GET', '//Users/?count=0')).toMatchObject({ status: 200, body: { itemsPerPage: 0 } })
  expect((await scim('POST', '/Users/', scimUser(uniqueName('slash')))).status).toBe(201)
})

test('guessing is rate-limited and locks out no active token, even one never used', async () => {
  const guess = () => scimClient(web.url, `sps_${'g'.repeat(43)}`)('GET', '/Users')
  const guessOften = () => Promise.all(Array.from({ length: 30 }, guess))
  await expect
    .poll(async () => {
      await guessOften()
      return await guess()
    })
    .toMatchObject({ status: 429, body: error(429) })
  const fresh = await addScimToken(web.broker.owner, admin)
  await expect.poll(async () => (await scimClient(web.url, fresh.token)('GET', '/Users?count=0')).status).toBe(200)
  // The minute that failures are counted in may change during the test.
  await expect
    .poll(async () => {
      await guessOften()
      return [(await scim('GET', '/Users')).status, (await guess()).status]
    })
    .toEqual([429, 429])
})
