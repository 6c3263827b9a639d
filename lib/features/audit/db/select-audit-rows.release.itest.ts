import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { activitySources } from '#lib/features/audit/model/activity-source.ts'
import { searchTerms } from '#lib/features/audit/model/search-terms.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { gatewayUserName, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { indexTrail } from '#lib/worker/db/housekeeping.ts'
import type { AuditSearch } from './audit-conditions.ts'
import { type AuditQuery, selectAuditPage, selectAuditRows } from './select-audit-rows.ts'

/** A row of the trail as the test knows it. */
type Event = {
  seq: string
  id: string
  intent_id: string | null
  action: string
  at: Date
  actor_kind: string
  actor_id: string | null
  actor_handle: string | null
  actor_name: string | null
  target_kind: string
  target_id: string | null
  target_name: string | null
  space_id: string | null
  namespace: string | null
  observer: string
  source_address: string | null
  user_agent: string | null
  destination: string
  outcome: string | null
  reason: string | null
  detail: { credential?: string; browser?: true; impersonated?: string }
  request_id: string | null
  cluster_audit_id: string | null
  route: string | null
}

const seed = Number(process.env.SPACEPORT_TEST_SEED ?? Date.now() % 1_000_000)
let state = seed
/** mulberry32: the same seed gives the same events and filters. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}
const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
const perhaps = <T>(chance: number, item: T): T | null => (random() < chance ? item : null)

let database: TestDatabase
let web: Pool
let worker: Pool
const people: { id: string; handle: string; name: string; email: string }[] = []
const spaces: { id: string; name: string }[] = []
const credentials = Array.from({ length: 6 }, () => randomUUID())
const actions = [
  'kubectl.get',
  'kubectl.create',
  'kubectl.delete',
  'cluster.delete',
  'grant.add',
  'grant.remove',
  'session.sign-in',
  'space.create',
  'policy.change',
]
const names = [
  'web-dev',
  'web-prod-2',
  'Api.Gateway',
  'x--y',
  "it's_me\\o",
  '10-days',
  'überall',
  '(odd)',
  'a b',
  'web',
]
const reasons = ['forbidden', 'not_found', 'cluster_500', 'cluster_403']
const addresses = ['10.1.2.33', '10.1.2.3', '2001:db8::1', '192.168.0.1']
const months = { now: 0n, next: 0n }
const monthSize = 1_000_000_000_000n

const sql = (statement: string, values: readonly unknown[] = []) =>
  ownerSql(database.ownerDatabaseUrl, statement, values)

beforeAll(async () => {
  database = await ownDatabase()
  web = createPool(database.databaseUrls.web, { process: 'web', max: 4, applicationName: 'search-test' })
  worker = createPool(database.databaseUrls.worker, { process: 'worker', max: 2, applicationName: 'search-test' })
  const now = new Date()
  const month = (ahead: number) => {
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
    return BigInt(at.getUTCFullYear() * 100 + at.getUTCMonth() + 1)
  }
  Object.assign(months, { now: month(0), next: month(1) })
  const cluster = randomUUID()
  await sql(`INSERT INTO cluster (id, name) VALUES ($1, 'searched') ON CONFLICT DO NOTHING`, [cluster])
  for (const [n, name] of ['Ann Example', 'Bob Example', 'Ann-Marie Other', 'Zed', 'Ünal Example'].entries()) {
    const person = {
      id: randomUUID(),
      handle: `${['ann', 'bob', 'annmarie', 'zed', 'unal'][n]}-00000${n}`,
      name,
      email: `p${n}@example.com`,
    }
    people.push(person)
    await sql(
      `INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES ($1, 'https://i', $2, $3, $4, $5)`,
      [person.id, String(n), person.handle, name, person.email],
    )
  }
  // Three spaces had the same name, one after another.
  for (const [n, name] of ['web-dev', 'web-dev', 'web-dev', 'team', 'quiet'].entries()) {
    const space = { id: randomUUID(), name }
    spaces.push(space)
    await sql(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status) VALUES ($1::uuid, $2, $3, $3, 'x', 'S', $4, $5)`,
      [space.id, cluster, name, people[0]?.id, n === 0 || n === 1 ? 'deleted' : 'ready'],
    )
  }
}, 120_000)
afterAll(() => Promise.all([web?.end(), worker?.end()]))

const known: Event[] = []

/** Adds an action, and perhaps its outcome, with consecutive numbers. */
function makeAction(at: Date, seqOf: () => bigint, into: Event[], outcomeLater: Event[]): void {
  const person = oneOf(people)
  const space = perhaps(0.6, oneOf(spaces))
  const kind = oneOf(['pods', 'person', 'credential', 'space', 'portal'])
  const around = random() < 0.08
  const whole = around || random() < 0.4
  const requestId = perhaps(0.8, randomUUID())
  const action = oneOf(actions)
  const event: Event = {
    seq: String(seqOf()),
    id: randomUUID(),
    intent_id: null,
    action: action === 'policy.change' && random() < 0.9 ? 'kubectl.get' : action,
    at,
    actor_kind: random() < 0.15 ? oneOf(['system', 'scim']) : 'user',
    actor_id: null,
    actor_handle: null,
    actor_name: 'worker',
    target_kind: kind,
    target_id: kind === 'person' ? oneOf(people).id : kind === 'credential' ? oneOf(credentials) : null,
    target_name: perhaps(0.8, kind === 'space' ? oneOf(['web-dev', 'team', 'unborn']) : oneOf(names)),
    space_id: space?.id ?? null,
    namespace: space?.name ?? perhaps(0.2, oneOf(['web-dev', 'kube-system'])),
    observer: 'gateway/test',
    source_address: perhaps(0.8, oneOf(addresses)),
    user_agent: perhaps(0.7, oneOf(['kubectl/v1.36.3 (linux/amd64)', 'Mozilla/5.0', 'curl/8.1'])),
    destination: oneOf(['portal', 'cluster/default']),
    outcome: whole ? oneOf(['ok', 'ok', 'ok', 'refused', 'failed']) : null,
    reason: whole ? perhaps(0.3, oneOf(reasons)) : null,
    detail: { ...(random() < 0.4 && { credential: oneOf(credentials) }), ...(random() < 0.1 && { browser: true }) },
    request_id: requestId,
    cluster_audit_id: around ? randomUUID() : null,
    route: around ? 'around' : null,
  }
  if (around && whole && random() < 0.2)
    Object.assign(event, {
      ...{ action: 'cluster.unmatched', actor_kind: 'cluster', actor_name: gatewayUserName },
      detail: { impersonated: personUserName(oneOf(people).handle) },
    })
  if (event.actor_kind === 'user')
    Object.assign(event, { actor_id: person.id, actor_handle: person.handle, actor_name: person.name })
  into.push(event)
  if (whole || random() < 0.05) return
  const ended: Event = {
    ...event,
    seq: '',
    id: randomUUID(),
    intent_id: event.id,
    outcome: oneOf(['ok', 'ok', 'ok', 'ok', 'refused', 'failed']),
    reason: perhaps(0.3, oneOf(reasons)),
    target_name: perhaps(0.2, 'generated-abc12') ?? event.target_name,
    cluster_audit_id: perhaps(0.5, requestId ?? randomUUID()),
    detail: {},
  }
  if (random() < 0.1) outcomeLater.push(ended)
  else into.push({ ...ended, seq: String(seqOf()) })
}

/** Inserts events into the trail unchanged, as its owner. */
async function insert(events: readonly Event[]): Promise<void> {
  await sql(
    `INSERT INTO audit_event (seq, id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id, target_name, space_id, namespace,
       observer, source_address, user_agent, destination, outcome, reason, detail, request_id, cluster_audit_id, route)
     SELECT seq, id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id, target_name, space_id, namespace,
       observer, source_address, user_agent, destination, outcome, reason, detail, request_id, cluster_audit_id, route
     FROM jsonb_populate_recordset(NULL::audit_event, $1::jsonb)`,
    [JSON.stringify(events)],
  )
  known.push(...events)
}

/** A range of actions with gaps in their numbers, so that a few rows span many chunks. */
function stretch(
  month: bigint,
  first: number,
  count: number,
  gap: number,
  from: Date,
  outcomeLater: Event[],
): { events: Event[]; last: number } {
  let n = first
  const events: Event[] = []
  for (let i = 0; i < count; i++) {
    if (random() < gap) n += 700
    makeAction(new Date(from.getTime() + i * 60_000), () => month * monthSize + BigInt(n++), events, outcomeLater)
  }
  return { events, last: n }
}

const joined = () => {
  const outcomes = new Map(known.filter((one) => one.intent_id !== null).map((one) => [one.intent_id, one]))
  return known
    .filter(({ intent_id, route }) => intent_id === null && (route === null || route === 'around'))
    .map((event) => ({ event, outcome: outcomes.get(event.id) }))
    .sort((a, b) => (BigInt(a.event.seq) < BigInt(b.event.seq) ? 1 : -1))
}

/** Whether a word of the text, or a part of one, starts with the term. A simple reference implementation. */
function hasWord(text: string, term: string): boolean {
  const [low, wanted] = [ascii(text), ascii(term)]
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + 1)) {
    const before = low[at - 1] ?? ' '
    if (/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(before) && !(before === '.' && /^\d/.test(wanted))) return true
  }
  return false
}
/** Postgres's lower() in the tests' locale. */
const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The source of an action. */
function sourceOf({ action, actor_kind, detail }: Event): string {
  if (action.startsWith('cluster.') || (action.startsWith('kubectl.') && !detail.browser)) return 'kubectl'
  return actor_kind === 'user' ? 'people' : 'spaceport'
}

/** @returns the numbers that a reading of all rows finds, newest first */
function naive({ before, ...filter }: AuditQuery): string[] {
  const found = filter.person
    ? people.filter(({ handle, name, email }) =>
        `${handle} ${name} ${email}`.toLowerCase().includes(filter.person?.toLowerCase() ?? ''),
      )
    : null
  const ofName = filter.space ? spaces.filter(({ name }) => name === filter.space).map(({ id }) => id) : null
  return joined()
    .filter(({ event, outcome }) => {
      const ended = outcome?.outcome ?? event.outcome
      const about = (id: string) =>
        event.actor_id === id ||
        (event.target_kind === 'person' && event.target_id === id) ||
        (event.action === 'cluster.unmatched' &&
          event.detail.impersonated === personUserName(people.find((person) => person.id === id)?.handle ?? ''))
      const text = [
        event.action,
        event.actor_handle,
        event.actor_name,
        event.target_kind,
        event.target_name,
        event.namespace,
        event.reason,
        event.source_address,
        event.user_agent,
        event.destination,
        outcome?.reason,
        outcome?.target_name,
      ]
        .filter((part) => part != null)
        .join(' ')
      const ids = [event.id, event.request_id, outcome?.cluster_audit_id ?? event.cluster_audit_id]
      return (
        (!before || BigInt(event.seq) < BigInt(before)) &&
        (!found ||
          (found.length > 0
            ? found.some(({ id }) => about(id))
            : searchTerms(filter.person ?? '').every((term) =>
                hasWord([event.actor_handle, event.actor_name].join(' '), term),
              ))) &&
        (!filter.personId || about(filter.personId)) &&
        (!ofName ||
          ofName.includes(event.space_id ?? '') ||
          (event.space_id === null &&
            (event.namespace ?? (event.target_kind === 'space' ? event.target_name : null)) === filter.space)) &&
        (!filter.spaceId || event.space_id === filter.spaceId) &&
        (!filter.by || sourceOf(event) === filter.by) &&
        (!filter.action ||
          (filter.action.endsWith('.') ? event.action.startsWith(filter.action) : event.action === filter.action)) &&
        (!filter.from || event.at >= filter.from) &&
        (!filter.until || event.at < filter.until) &&
        (!filter.route || event.route === filter.route) &&
        (!filter.outcome || (ended ?? 'unknown') === filter.outcome) &&
        (!filter.credentialId ||
          event.detail.credential === filter.credentialId ||
          (event.target_kind === 'credential' && event.target_id === filter.credentialId)) &&
        (!filter.text ||
          searchTerms(filter.text).every((term) => hasWord(text, term) || ids.includes(term.toLowerCase())))
      )
    })
    .map(({ event }) => event.seq)
}

function someFilter(): AuditSearch {
  const { event, outcome } = oneOf(joined())
  const words = [
    'web',
    'web-d',
    'dev',
    'WEB-DEV',
    'prod',
    '2',
    'gateway',
    'api.g',
    'y',
    'me\\o',
    '10.1.2.3',
    '10.1.2.33',
    '1.2',
    '33',
    'linux',
    'v1.36',
    'kubectl',
    'forbidden',
    'cluster_5',
    'generated',
    'example',
    'db8',
    'days',
    '10-d',
    'nothing-like-it',
    'über',
    '(odd',
    'worker',
    'b',
  ]
  return {
    ...(random() < 0.25 && {
      person: oneOf(['ann', 'ann-000000', 'Example', 'p1@example.com', 'zed', 'worker', 'nobody', 'Ünal']),
    }),
    ...(random() < 0.2 && { space: oneOf(['web-dev', 'team', 'quiet', 'unborn', 'kube-system', 'nope']) }),
    ...(random() < 0.25 && { action: oneOf([...actions, 'grant.', 'kubectl.', 'review.']) }),
    ...(random() < 0.25 && { outcome: oneOf(['ok', 'refused', 'failed', 'unknown'] as const) }),
    ...(random() < 0.15 && { route: 'around' as const }),
    ...(random() < 0.2 && { from: new Date(event.at.getTime() - random() * 86_400_000) }),
    ...(random() < 0.2 && { until: new Date(event.at.getTime() + random() * 86_400_000) }),
    ...(random() < 0.4 && {
      text:
        random() < 0.5
          ? oneOf(words)
          : random() < 0.5
            ? `${oneOf(words)} ${oneOf(words)}`
            : (oneOf([event.id, event.request_id, outcome?.cluster_audit_id]) ?? 'web'),
    }),
    ...(random() < 0.1 && { personId: oneOf(people).id }),
    ...(random() < 0.2 && { spaceId: oneOf(spaces).id }),
    ...(random() < 0.2 && { by: oneOf(activitySources) }),
    ...(random() < 0.1 && { credentialId: oneOf(credentials) }),
  }
}

const by = { by: 'somebody' }

async function compare(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    const filter = someFilter()
    const before = perhaps(0.2, oneOf(known).seq) ?? undefined
    const expected = naive({ ...filter, before })
    const about = JSON.stringify({ seed, filter, before })
    expect(
      (await selectAuditRows(web, { ...filter, before }, 5_000, by)).map(({ seq }) => seq),
      about,
    ).toEqual(expected)

    // By pages, including searches that stop after each step.
    const patienceMs = random() < 0.5 ? 0 : 110
    const paged: string[] = []
    let cursor = before
    for (let page = 0; page < 12; page++) {
      const { rows, searchedTo } = await selectAuditPage(web, { ...filter, before: cursor }, 40, { ...by, patienceMs })
      paged.push(...rows.map(({ seq }) => seq))
      cursor = rows.length === 40 ? rows.at(-1)?.seq : (searchedTo ?? undefined)
      if (cursor === undefined) break
    }
    expect(paged, about).toEqual(expected.slice(0, paged.length))
    if (cursor === undefined) expect(paged.length, about).toBe(expected.length)
  }
}

async function sealAll(): Promise<void> {
  while ((await worker.query('SELECT seal_trail(5000) AS rows')).rows[0].rows > 0);
}
/** Indexes until the next number is beyond a seq. Transactions of other files may have to end first. */
async function indexPast(seq: bigint): Promise<void> {
  await expect
    .poll(
      async () => {
        while ((await indexTrail(worker, 50)) > 0);
        const [row] = await sql('SELECT next_seq FROM audit_words_state')
        return BigInt(String(row?.next_seq)) >= seq
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(true)
}

describe('a search finds the same rows as reading all of them', () => {
  const later: Event[] = []
  let last = 0

  test('before anything is sealed or indexed', async () => {
    const old = stretch(0n, 1, 300, 0.05, new Date('2026-01-01'), later)
    const now = stretch(months.now, old.last, 300, 0.05, new Date('2026-03-01'), later)
    await insert(old.events)
    await insert(now.events)
    last = now.last
    await sql(`SELECT setval('audit_event_seq_seq', $1)`, [last])
    await compare(60)
  }, 120_000)

  test('with most rows indexed, over two months, and some outcomes missing', async () => {
    const more = stretch(months.now, last, 500, 0.05, new Date('2026-04-01'), later)
    const next = stretch(months.next, more.last + 1, 400, 0.05, new Date('2026-05-01'), later)
    await insert(more.events)
    await insert(next.events)
    last = next.last
    await sql(`SELECT setval('audit_event_seq_seq', $1)`, [last])
    await sealAll()
    await indexPast(months.next * monthSize + BigInt(Math.floor((last - 2_000) / 1_000)) * 1_000n)
    const [row] = await sql('SELECT count(*)::int AS chunks FROM audit_words')
    expect(row?.chunks).toBeGreaterThan(20)
    await compare(120)
  }, 180_000)

  test('after late outcomes are written, before and after they are indexed', async () => {
    await insert(later.map((event, n) => ({ ...event, seq: String(months.next * monthSize + BigInt(last + n)) })))
    last += later.length
    await sql(`SELECT setval('audit_event_seq_seq', $1)`, [last])
    await compare(60)
    const more = stretch(months.next, last + 2_500, 100, 0.2, new Date('2026-05-20'), [])
    await insert(more.events)
    last = more.last
    await sql(`SELECT setval('audit_event_seq_seq', $1)`, [last + 3_000])
    await sealAll()
    await indexPast(months.next * monthSize + BigInt(last))
    await expect
      .poll(async () => {
        await indexTrail(worker, 200)
        return (await sql('SELECT FROM audit_words_again')).length
      })
      .toBe(0)
    await compare(120)
  }, 180_000)

  test('a page takes few statements, and reports how far back a stopped search got', async () => {
    let statements = 0
    const counted = new Proxy(web, {
      get(pool, name) {
        if (name === 'query') statements++
        const value = Reflect.get(pool, name, pool)
        return typeof value === 'function' ? value.bind(pool) : value
      },
    })
    const whole = naive({ text: 'forbidden' })
    const page = await selectAuditPage(counted, { text: 'forbidden' }, whole.length + 1, { ...by, patienceMs: 0 })
    expect(statements).toBeLessThanOrEqual(3)
    expect(page.rows.length).toBeLessThan(whole.length)
    expect(page.searchedSince).toBeInstanceOf(Date)
    expect(whole.filter((seq) => BigInt(seq) >= BigInt(page.searchedTo ?? 0))).toEqual(page.rows.map(({ seq }) => seq))
    statements = 0
    await selectAuditPage(counted, {}, 51, by)
    expect(statements).toBe(1)
    statements = 0
    await selectAuditPage(counted, { spaceId: spaces[0]?.id }, 51, by)
    expect(statements).toBe(1)
    statements = 0
    await selectAuditPage(counted, { text: 'nothing-like-it' }, 51, { ...by, patienceMs: 10_000 })
    expect(statements).toBeLessThanOrEqual(3)
  }, 60_000)

  test('personal data leaves the word index with its row, and a removed month takes its words along', async () => {
    const event = joined().find(
      ({ event: { seq, actor_kind } }) => BigInt(seq) < monthSize && actor_kind === 'user',
    )?.event
    const chunk = BigInt(event?.seq ?? 0) / 1_000n
    await sql(
      `UPDATE audit_event SET actor_name = 'Formerly', actor_handle = 'formerly-1', salt = NULL WHERE seq = $1`,
      [event?.seq],
    )
    const has = async (word: string) =>
      (await sql('SELECT words @@ $2::tsquery AS has FROM audit_words WHERE chunk = $1', [chunk, `'${word}'`]))[0]?.has
    expect(await selectAuditRows(web, { text: 'formerly-1' }, 10, by), 'before it is indexed').toHaveLength(1)
    await expect
      .poll(async () => {
        await indexTrail(worker, 200)
        return has('formerly')
      })
      .toBe(true)

    await sql('ALTER TABLE audit_event DETACH PARTITION audit_event_before')
    await expect
      .poll(async () => {
        await indexTrail(worker, 200)
        return (await sql('SELECT FROM audit_words WHERE chunk < 1000000000')).length
      })
      .toBe(0)
    expect((await sql('SELECT FROM audit_words')).length).toBeGreaterThan(10)
  }, 60_000)
})
