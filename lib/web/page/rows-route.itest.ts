import { afterAll, beforeAll, expect, test } from 'vitest'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { handlerRoutes, samplePath } from '#e2e/fixtures/routes.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

/** The routes that return rows; each is attacked below. */
const [first, second] = [uniqueName('rows'), uniqueName('rows')]
const routes = handlerRoutes
  .filter((route) => route.startsWith('/api/rows/'))
  .map((route) => samplePath(route.replace('[name]', first)))
const spaces = '/api/rows/spaces'
const audit = '/api/rows/audit'

let web: WebFixture
let people: Record<'owner' | 'other' | 'member' | 'stranger' | 'admin', Actor>
let cookies: Record<keyof typeof people, string>

beforeAll(async () => {
  web = await openWebFixture()
  const { broker } = web
  people = {
    owner: await broker.person('owner'),
    other: await broker.person('other'),
    member: await broker.person('member'),
    stranger: await broker.person('stranger'),
    admin: await broker.person('admin', { platformRole: 'admin' }),
  }
  const draft = { description: '', size: 'S' as const, endsAt: null }
  await createSpace(broker.as(people.owner), { name: first, ...draft })
  await createSpace(broker.as(people.other), { name: second, ...draft })
  await addGrant(broker.as(people.owner), {
    space: { name: first },
    principal: `user:${people.member.handle}`,
    role: 'viewer',
    endsAt: null,
  })
  cookies = {
    owner: await web.signIn(people.owner),
    other: await web.signIn(people.other),
    member: await web.signIn(people.member),
    stranger: await web.signIn(people.stranger),
    admin: await web.signIn(people.admin),
  }
}, 300_000)
afterAll(() => web?.close())

type Row = { name: string; standing: string | null }

async function rowsOf(who: keyof typeof people, query = ''): Promise<Row[]> {
  const answer = await web.get(`${spaces}${query}`, { cookie: cookies[who] })
  expect(answer.status).toBe(200)
  return (await answer.json()).rows
}

const namesOf = async (who: keyof typeof people, query = '') =>
  (await rowsOf(who, query)).map(({ name }) => name).sort()

test('each person gets only the rows of their own list, with any query', async () => {
  expect(await namesOf('owner')).toEqual([first])
  expect(await namesOf('member')).toEqual([first])
  expect(await namesOf('stranger')).toEqual([])
  expect(await namesOf('admin')).toEqual([first, second].sort())
  const attempts = [`?search=${second}`, `?owner=${people.other.handle}`, '?sort=created&order=desc', '?page=1']
  for (const query of attempts) {
    expect(await namesOf('stranger', query), query).toEqual([])
    expect(await namesOf('member', query), query).not.toContain(second)
  }
  expect(await namesOf('owner', `?search=${first}`)).toEqual([first])
})

test('a former member gets no rows of a space with an older session', async () => {
  const { broker } = web
  const owner = broker.as(people.owner)
  const activity = (cookie: string) => web.get(`/api/rows/spaces/${first}/activity`, { cookie })
  const usage = (cookie: string, range = 'day') => web.get(`/api/rows/spaces/${first}/usage?range=${range}`, { cookie })
  expect((await usage(cookies.member)).status).toBe(200)
  const { rows: seen } = await (await activity(cookies.member)).json()
  for (const [by, count] of [
    ['people', 2],
    ['kubectl', 0],
    ['spaceport', 0],
  ] as const) {
    const some = await web.get(`/api/rows/spaces/${first}/activity?by=${by}`, { cookie: cookies.member })
    expect(await some.json(), by).toMatchObject({ by, rows: seen.slice(0, count), searchedSince: null })
  }
  expect(seen.map(({ told }: { told: unknown[] }) => told[1])).toEqual([' added ', ' created '])
  expect(Object.keys(seen[0])).toEqual([
    'seq',
    'id',
    'at',
    'told',
    'failure',
    'usedUp',
    'around',
    'reported',
    'outcome',
  ])
  const { grants } = await listGrants(owner, { name: first })
  const grantId = grants.find(
    ({ principal }) => principal.kind === 'user' && principal.handle === people.member.handle,
  )?.id
  expect(await namesOf('member')).toEqual([first])
  await removeGrant(owner, { space: { name: first }, grantId: grantId ?? '' })
  expect(await namesOf('member')).toEqual([])
  // As if the space didn't exist, for former members as for strangers.
  const nowhere = await web.get('/api/rows/spaces/nowhere/usage?range=day', { cookie: cookies.stranger })
  const { requestId: _, ...unknown } = await nowhere.json()
  for (const cookie of [cookies.member, cookies.stranger, cookies.other]) {
    const answer = await activity(cookie)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain(first)
    const measured = await usage(cookie)
    expect(measured.status).toBe(404)
    expect(await measured.json()).toMatchObject(unknown)
  }
  expect((await activity(cookies.owner)).status).toBe(200)
  expect((await usage(cookies.owner)).status).toBe(200)
  // A platform admin isn't a member.
  expect((await usage(cookies.admin)).status).toBe(403)
  for (const range of ['year', '10000', 'day&range=week', 'day&from=0'])
    expect((await usage(cookies.owner, range)).status, range).toBe(400)
})

test('only people who may read the trail get its rows, and only while they may', async () => {
  const auditor = await web.broker.person('auditor', { platformRole: 'auditor' })
  const cookie = await web.signIn(auditor)
  const query = `?${new URLSearchParams({ space: first, action: 'space.create' })}`
  const { rows, filters } = await (await web.get(audit + query, { cookie })).json()
  expect(rows.map(({ told }: { told: unknown[] }) => told.slice(1))).toEqual([
    [' created ', 'the space', ' ', expect.objectContaining({ is: 'space', name: first })],
  ])
  expect(filters).toEqual({ space: first, action: 'space.create' })
  const { rows: older } = await (await web.get(`${audit}?before=${rows[0].seq}`, { cookie })).json()
  for (const { seq } of older) expect(BigInt(seq)).toBeLessThan(BigInt(rows[0].seq))

  await web.broker.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [auditor.userId])
  for (const given of [cookie, cookies.owner, cookies.stranger]) {
    const answer = await web.get(audit + query, { cookie: given })
    expect(answer.status).toBe(403)
    expect(await answer.text()).not.toContain(first)
  }
})

test('slow searches of the trail leave connections for everyone else', async () => {
  const searcher = async () => web.signIn(await web.broker.person('auditor', { platformRole: 'auditor' }))
  const [one, other] = [await searcher(), await searcher()]
  const blocker = await web.broker.owner.connect()
  await blocker.query('BEGIN')
  await blocker.query('LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE')
  const { rows } = await blocker.query('SELECT pg_backend_pid() AS pid')
  const searches = Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const cookie = index % 2 === 0 ? one : other
      return (await web.get(`${audit}?text=${index}`, { cookie })).status
    }),
  )
  const blocked = 'SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))'
  let others: Response
  try {
    await expect
      .poll(async () => (await web.broker.owner.query(blocked, [rows[0].pid])).rowCount, { interval: 10 })
      .toBeGreaterThan(1)
    others = await web.get(spaces, { cookie: cookies.owner })
  } finally {
    await blocker.query('ROLLBACK')
    blocker.release()
  }
  expect(others.status).toBe(200)
  // A lock may be waited for four seconds, which a machine that stalls may exceed.
  for (const status of await searches) expect([200, 503]).toContain(status)
})

test('an ended, forged or missing session is refused without a row', async () => {
  const leaving = await web.broker.person('leaving')
  const cookie = await web.signIn(leaving)
  for (const route of routes) expect((await web.get(route, { cookie })).status, route).not.toBe(401)
  await web.broker.owner.query('DELETE FROM session WHERE user_id = $1', [leaving.userId])
  for (const route of routes)
    for (const headers of [{}, { cookie }, { cookie: `spaceport-session=${'x'.repeat(43)}` }]) {
      const answer = await web.get(route, headers)
      expect(answer.status, route).toBe(401)
      expect(await answer.json(), route).toEqual({
        code: 'not_signed_in',
        fields: {},
        message: expect.any(String),
        requestId: expect.any(String),
      })
    }
})

test('another site gets nothing, and no response may be stored, sniffed, framed or shared', async () => {
  for (const route of routes) {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const answer = await web.get(route, { cookie: cookies.admin, ...headers })
      expect(answer.status, `${route} ${JSON.stringify(headers)}`).toBe(403)
      expect(await answer.text()).not.toContain(first)
    }
    const answer = await web.get(route, { cookie: cookies.admin, 'sec-fetch-site': 'same-origin', origin: web.url })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
    })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    await answer.text()
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(web.url + route, { method, headers: { cookie: cookies.admin } })).status, method).toBe(405)
  }
})

test('an invalid parameter is named in the error, never guessed', async () => {
  const odd: Record<string, string> = {
    page: '0',
    status: 'deleted',
    role: 'king',
    sort: 'colour',
    order: 'sideways',
    search: 'x'.repeat(101),
    owner: 'x'.repeat(61),
    all: 'true',
  }
  for (const [name, value] of Object.entries(odd)) {
    const answer = await web.get(`${spaces}?${new URLSearchParams({ [name]: value })}`, { cookie: cookies.owner })
    expect(answer.status, name).toBe(400)
    expect(Object.keys((await answer.json()).fields), name).toEqual([name])
  }
  for (const query of [
    '?page=1&page=2',
    '?page=1001',
    '?page=1e1',
    '?page=-1',
    '?page=1.5',
    '?page=%20',
    '?search=%00',
  ])
    expect((await web.get(spaces + query, { cookie: cookies.owner })).status, query).toBe(400)
  for (const query of ['?from=yesterday', '?outcome=perhaps', '?before=x', '?person=a&person=b', '?text=%00', '?all=1'])
    expect((await web.get(audit + query, { cookie: cookies.admin })).status, query).toBe(400)
  for (const query of [
    '?before=x',
    '?by=x',
    '?by=people&by=kubectl',
    '?before=1&before=2',
    '?name=other&x=1',
    `?cluster=${'x'.repeat(33)}`,
  ]) {
    const answer = await web.get(`/api/rows/spaces/${first}/activity${query}`, { cookie: cookies.owner })
    expect(answer.status, query).toBe(400)
  }
  // The path names the space; the query can't change it.
  const named = await web.get(`/api/rows/spaces/${second}/activity?name=${first}`, { cookie: cookies.owner })
  expect(named.status).toBe(404)
  // Longer than any URL of the portal: Node's own limit on a request's head.
  expect((await web.get(`${spaces}?search=${'x'.repeat(20_000)}`, { cookie: cookies.owner })).status).toBe(431)
})

test('the page contains the rows for its URL, without script', async () => {
  for (const [query, shown, hidden] of [
    [`?search=${first}`, first, second],
    [`?search=${second}`, second, first],
    ['?search=nothing-like-it', 'Nothing found', first],
  ] as const) {
    const page = await (await web.get(`/${query}`, { cookie: cookies.admin })).text()
    const markup = page.replaceAll(/<script[\s\S]*?<\/script>/g, '')
    expect(markup, query).toContain(shown)
    expect(markup.replaceAll(/value="[^"]*"/g, ''), query).not.toContain(hidden)
  }
})
