import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { maxFound } from '#lib/features/search/model/search-limits.ts'
import type { SearchResults } from '#lib/features/search/model/search-query.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

const [name, other] = [uniqueName('sought'), uniqueName('hidden')]

let web: WebFixture
let people: Record<'owner' | 'member' | 'stranger' | 'auditor' | 'admin', Actor>
let cookies: Record<keyof typeof people, string>
let id: string

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  people = {
    owner: await broker.person('owner'),
    member: await broker.person('member'),
    stranger: await broker.person('stranger'),
    auditor: await broker.person('auditor', { platformRole: 'auditor' }),
    admin: await broker.person('admin', { platformRole: 'admin' }),
  }
  const draft = { size: 'S' as const, endsAt: null }
  await createSpace(broker.as(people.owner), { name, description: '100% of the web_shop', ...draft })
  await createSpace(broker.as(people.owner), { name: other, description: 'another', ...draft })
  const principal = `user:${people.member.handle}`
  await addGrant(broker.as(people.owner), { space: { name }, principal, role: 'viewer', endsAt: null })
  id = (await broker.owner.query('SELECT id FROM space WHERE name = $1', [name])).rows[0].id
  const signedIn = Object.entries(people).map(async ([who, person]) => [who, await web.signIn(person)])
  cookies = Object.fromEntries(await Promise.all(signedIn))
}, 300_000)
afterAll(() => web?.close())

const ask = (who: keyof typeof people, query: Readonly<Record<string, string>>) =>
  web.get(`/api/rows/search?${new URLSearchParams(query)}`, { cookie: cookies[who] })

async function found(who: keyof typeof people, query: Readonly<Record<string, string>>): Promise<SearchResults> {
  const answer = await ask(who, query)
  expect(answer.status).toBe(200)
  return answer.json()
}

const namesFor = async (who: keyof typeof people, text: string) =>
  (await found(who, { text })).spaces.map((space) => space.name)

test('each person finds the spaces that they may open, with their permissions', async () => {
  const common = { id, name, cluster: null, owner: people.owner.name, health: null }
  expect(await found('owner', { text: name })).toEqual({
    spaces: [{ ...common, standing: 'owner', connects: true }],
    people: [],
  })
  expect(await found('member', { text: name.slice(2, -1).toUpperCase() })).toEqual({
    spaces: [{ ...common, standing: 'viewer', connects: true }],
    people: [],
  })
  const { spaces } = await found('admin', { text: name })
  expect(spaces, 'sees it, and gets no kubeconfig').toEqual([{ ...common, standing: null, connects: false }])
  expect(await namesFor('member', other)).toEqual([])
  expect(await namesFor('auditor', name)).toEqual([])
})

test('a stranger’s space looks like one that doesn’t exist, by name, description, id and wildcard', async () => {
  const nothing = await (await ask('stranger', { text: uniqueName('nowhere') })).text()
  expect(JSON.parse(nothing)).toEqual({ spaces: [], people: [] })
  for (const query of [
    { text: name },
    { text: name.slice(0, 3) },
    { text: 'web_shop' },
    { text: '%' },
    { text: people.owner.handle },
    { text: people.owner.email },
    { spaces: id },
    { people: people.owner.userId },
    { spaces: id, people: people.owner.userId },
    { text: '', spaces: `${id},${id}` },
    {},
  ])
    expect(await (await ask('stranger', query)).text(), JSON.stringify(query)).toBe(nothing)
})

test('wildcards and backslashes match literally', async () => {
  expect(await namesFor('owner', '100%')).toEqual([name])
  expect(await namesFor('owner', 'web_shop')).toEqual([name])
  for (const text of ['%', '_', '\\', '%%', `${name.slice(0, 4)}%${name.slice(5)}`, 'web-shop', "' OR 1=1 --", '\\%'])
    expect(await namesFor('owner', text), text).toEqual(text === '%' || text === '_' ? [name] : [])
})

test('only people who may list people can find them', async () => {
  const { userId, handle, name: called, email } = people.stranger
  for (const who of ['admin', 'auditor'] as const)
    for (const text of [handle, called, email.toUpperCase()])
      expect((await found(who, { text })).people, `${who} ${text}`).toEqual([
        { id: userId, handle, name: called, email, deactivated: false },
      ])
  for (const who of ['owner', 'member', 'stranger'] as const)
    for (const text of [handle, called, email]) expect((await found(who, { text })).people, who).toEqual([])
})

test('recent items are looked up by id, and shown only if still accessible', async () => {
  expect((await found('owner', { spaces: id })).spaces.map((space) => space.name)).toEqual([name, other])
  expect((await found('auditor', { spaces: id, people: people.owner.userId })).spaces).toEqual([])
  expect((await found('admin', { people: people.owner.userId })).people.map(({ handle }) => handle)).toEqual([
    people.owner.handle,
  ])
})

test('a former member no longer finds the space with an older session', async () => {
  const owner = web.broker.as(people.owner)
  expect(await namesFor('member', name)).toEqual([name])
  const { grants } = await listGrants(owner, { name })
  const theirs = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === people.member.handle)
  await removeGrant(owner, { space: { name }, grantId: theirs?.id ?? '' })
  expect(await namesFor('member', name)).toEqual([])
  expect((await found('member', { spaces: id })).spaces).toEqual([])
})

test('the number of results is bounded', async () => {
  const { broker } = web
  const [{ owner_id: owner, cluster_id: cluster }] = (
    await broker.owner.query('SELECT owner_id, cluster_id FROM space WHERE name = $1', [name])
  ).rows
  await broker.owner.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email)
     SELECT gen_random_uuid(), 'https://many.example', 'many-' || n, 'many-' || n, 'Many ' || n, 'many-' || n || '@example.com'
     FROM generate_series(1, 1000) n`,
  )
  await broker.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, status, owner_id)
     SELECT gen_random_uuid(), $1, 'many-' || n, 'many-' || n, n, 'one of them', 'S', 'ready', $2 FROM generate_series(1, 10000) n`,
    [cluster, owner],
  )
  await broker.owner.query('ANALYZE space, user_account')
  const many = await found('admin', { text: 'many' })
  expect([many.spaces.length, many.people.length]).toEqual([maxFound.spaces, maxFound.people])
  const one = await found('admin', { text: 'many-77' })
  expect([one.spaces[0]?.name, one.people[0]?.handle], 'exact matches come first').toEqual(['many-77', 'many-77'])
  expect((await found('admin', {})).spaces).toHaveLength(maxFound.spaces)
})

test('too long, repeated, unknown and invalid parameters are named in the error', async () => {
  for (const [query, field] of [
    [`text=${'x'.repeat(101)}`, 'text'],
    [`text=${'x'.repeat(10_000)}`, 'text'],
    ['text=%00', 'text'],
    ['text=a&text=b', 'text'],
    ['all=true', 'all'],
    ['spaces=', 'spaces'],
    [`spaces=${Array(9).fill(id)}`, 'spaces'],
    ['spaces=1%27', 'spaces'],
    [`people=${people.owner.handle}`, 'people'],
  ] as const) {
    const answer = await web.get(`/api/rows/search?${query}`, { cookie: cookies.owner })
    expect(answer.status, query.slice(0, 40)).toBe(400)
    expect(Object.keys((await answer.json()).fields), query.slice(0, 40)).toEqual([field])
  }
})

test('too many searches in a minute are refused only for their sender', async () => {
  const eager = await web.broker.person('eager')
  const cookie = await web.signIn(eager)
  const counts = { ok: 0, limited: 0 }
  const began = Date.now()
  // The limit is 240 a minute, so a thousand exceed it even if they take three minutes.
  for (let batch = 0; batch < 250 && counts.limited === 0; batch++) {
    const answers = await Promise.all(Array.from({ length: 4 }, () => web.get('/api/rows/search?text=a', { cookie })))
    for (const { status } of answers) {
      expect([200, 429]).toContain(status)
      counts[status === 200 ? 'ok' : 'limited'] += 1
    }
  }
  const minutes = Math.ceil((Date.now() - began) / 60_000)
  expect(counts.ok).toBeLessThanOrEqual(240 * (minutes + 1))
  expect(counts.limited).toBeGreaterThan(0)
  expect((await ask('owner', { text: name })).status).toBe(200)
}, 300_000)
