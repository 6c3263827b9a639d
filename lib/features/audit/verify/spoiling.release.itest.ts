/**
 * The effects of what a process’s login can write: the verifier neither reports it as a finding nor misses forgeries
 * next to it.
 */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { openTrailScene, type TrailScene } from '#dev/testing/fixtures/trail-scene.ts'

let scene: TrailScene
beforeAll(async () => {
  scene = await openTrailScene()
})
afterAll(() => scene?.close())

type Copy = Awaited<ReturnType<TrailScene['copy']>>
const withCopy = async (run: (copy: Copy) => Promise<void>) => {
  const copy = await scene.copy()
  try {
    await run(copy)
  } finally {
    await copy.close()
  }
}

const alice = '00000000-0000-4000-8000-0000000000aa'
const bob = '00000000-0000-4000-8000-0000000000bb'
const run = '00000000-0000-4000-8000-00000000cafe'
const former = 'former-0123456789'

const rows = (action: string, count: number, columns = '', values = '') =>
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination${columns})
   SELECT gen_random_uuid(), '${action}', clock_timestamp(), 'user', 'person', 'test/test', 'portal'${values} FROM generate_series(1, ${count}) n`
const about = (action: string, person = alice) => rows(action, 1, ', target_id', `, '${person}'`)

/** Commits a login's statement only after later rows were sealed. */
async function heldOpen(copy: Copy, login: 'web' | 'worker' | 'gateway', statement: string) {
  const client = new pg.Client({ connectionString: copy.urls[login] })
  await client.connect()
  await client.query('BEGIN')
  await client.query(statement)
  return async () => {
    await client.query('COMMIT')
    await client.end()
  }
}

test('a huge late transaction verifies clean, and rows inserted or dropped next to it are found', () =>
  withCopy(async (copy) => {
    const commit = await heldOpen(copy, 'gateway', rows('kubectl.get', 60_000))
    await copy.add(1)
    expect(await copy.seal()).toBe(1)
    await commit()
    // Also while they wait to be sealed.
    expect((await copy.verify()).out).toContain('The trail is intact.')
    expect(await copy.seal()).toBe(60_000)
    await copy.add(2)
    const { status, out } = await copy.verify()
    expect(out).toContain('Verified 60061 rows in 67 blocks')
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)
    expect((await copy.verify('--from', '8', '--to', '9')).out).toContain('The trail is intact.')

    const [victim] = await copy.owner(
      `SELECT seq::text AS seq FROM audit_event WHERE action = 'kubectl.get' ORDER BY seq OFFSET 30000 LIMIT 1`,
    )
    await copy.unguarded(
      `DELETE FROM audit_event WHERE seq = ${victim?.seq}; ${rows('grant.add', 1)}; ${rows('grant.add', 1, ', seq', `, (SELECT min(seq) FROM audit_event WHERE seq > 0) - 1`)}`,
    )
    const broken = await copy.verify()
    expect(broken.out).toContain(`dropped: the row was removed since it was sealed`)
    expect(broken.out).toContain(`(seq ${victim?.seq}; block`)
    expect(broken.out.match(/^inserted: .*grant\.add/gm)).toHaveLength(2)
    expect(broken.out).toContain('The trail is not intact: 3 findings')
  }))

test('all rows that are in no block are found, however many there are', () =>
  withCopy(async (copy) => {
    await copy.unguarded(rows('grant.add', 12_345))
    const { status, out } = await copy.verify()
    expect(out).toContain('inserted: 12345 findings')
    expect(out).toContain('The trail is not intact: 12345 findings')
    expect(status).toBe(1)
    await copy.add(1)
    await copy.seal()
    const part = await copy.verify('--from', '7', '--to', '7')
    expect(part.out).toContain('inserted: 12345 findings')
  }))

test('a row that two blocks list is found', () =>
  withCopy(async (copy) => {
    // As an owner who appends their own block: a copy of the last one’s rows.
    await copy.unguarded(
      `INSERT INTO audit_unsealed SELECT seq FROM audit_event ORDER BY seq DESC LIMIT 3; PERFORM seal_trail(10)`,
    )
    const { status, out } = await copy.verify()
    expect(out.match(/^dropped: .*or is sealed twice/gm)).toHaveLength(3)
    expect(status).toBe(1)
  }))

/** Replaces Alice’s name in her rows, as the command does. */
const pseudonymise = `
  CREATE TEMPORARY TABLE was ON COMMIT DROP AS SELECT seq FROM audit_event WHERE actor_id = '${alice}' AND salt IS NOT NULL;
  UPDATE audit_event SET actor_handle = '${former}', actor_name = 'Former person', source_address = NULL, salt = NULL WHERE seq IN (SELECT seq FROM was);
  INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), 'person.pseudonymise-rows', clock_timestamp(), 'system', 'person', '${alice}', '${former}', 'command/test', 'portal', 'ok',
      jsonb_build_object('of', '${run}', 'rows', (SELECT jsonb_object_agg(seq::text, trail_replacement_hash(personal_hash, actor_handle, actor_name, target_name, source_address, user_agent, detail))
        FROM audit_event WHERE seq IN (SELECT seq FROM was))))`
const begun = about('person.pseudonymise')
  .replace('gen_random_uuid()', `'${run}'`)
  .replace(', target_id', ', target_id, target_name')
  .replace(`'${alice}'`, `'${alice}', '${former}'`)
const hers = rows('space.create', 2, ', actor_id, actor_handle, actor_name', `, '${alice}', 'alice-1', 'Alice'`)
const completed = about('offboarding.complete')

async function offboarded(copy: Copy) {
  await ownerSql(copy.urls.web, hers)
  await ownerSql(copy.urls.web, about('person.offboard'))
  await ownerSql(copy.urls.worker, completed)
  await copy.seal()
}
const outcomeOf = (action: string, of: string, outcome = 'failed') =>
  `INSERT INTO audit_event (id, intent_id, action, at, actor_kind, target_kind, target_id, observer, destination, outcome)
   VALUES (gen_random_uuid(), '${of}', '${action}', clock_timestamp(), 'user', 'person', '${alice}', 'test/test', 'portal', '${outcome}')`
const idOf = async ({ owner }: Copy, action: string) =>
  String((await owner(`SELECT id FROM audit_event WHERE action = $1 AND intent_id IS NULL`, [action]))[0]?.id)

test('no outcome with an offboarding, or its completion, changes the finding about a pseudonym', () =>
  withCopy(async (copy) => {
    await offboarded(copy)
    for (const action of ['person.offboard', 'offboarding.complete']) {
      const of = await idOf(copy, action)
      await expect(ownerSql(copy.urls.gateway, outcomeOf(action, of))).rejects.toThrow(/permission denied to write/)
      // As before the database refused it.
      await copy.owner(outcomeOf(action, of))
    }
    await copy.owner(begun)
    await copy.owner(pseudonymise)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toContain('2 rows have a pseudonym in place of a person.')
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)
  }))

test('no outcome with a reactivation hides the reactivation', () =>
  withCopy(async (copy) => {
    await offboarded(copy)
    await ownerSql(copy.urls.web, about('person.reactivate'))
    await copy.seal()
    const of = await idOf(copy, 'person.reactivate')
    for (const login of ['gateway', 'worker'] as const)
      await expect(ownerSql(copy.urls[login], outcomeOf('person.reactivate', of))).rejects.toThrow(/permission denied/)
    await copy.owner(outcomeOf('person.reactivate', of))
    await copy.owner(begun)
    await copy.owner(pseudonymise)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toMatch(/forged pseudonym: .*reactivated/)
    expect(status).toBe(1)
  }))

test('an outcome of another action changes nothing either', () =>
  withCopy(async (copy) => {
    await offboarded(copy)
    await ownerSql(copy.urls.gateway, outcomeOf('kubectl.get', await idOf(copy, 'offboarding.complete')))
    await copy.owner(begun)
    await copy.owner(pseudonymise)
    await copy.seal()
    expect((await copy.verify()).out).toContain('The trail is intact.')
  }))

test('a trail full of offboardings can still be verified in full', () =>
  withCopy(async (copy) => {
    await ownerSql(copy.urls.web, rows('person.offboard', 50_001, ', target_id', `, '${bob}'`))
    await copy.seal()
    await offboarded(copy)
    await copy.owner(begun)
    await copy.owner(pseudonymise)
    await copy.seal()
    const [block] = await copy.owner(
      `SELECT b.number::text FROM audit_block b, audit_event e WHERE e.seq = ANY (b.seqs) AND e.actor_id = '${alice}' LIMIT 1`,
    )
    const part = await copy.verify('--from', String(block?.number), '--to', String(block?.number))
    expect(part.out).toContain('2 rows have a pseudonym')
    expect(part.out).toContain('The trail is intact.')
    expect(part.status).toBe(0)
  }))

test.each([
  ['sealed after the completion, written before it', 'complete'],
  ['sealed with the run, written before it', 'begin'],
])('a reactivation that web’s login held open doesn’t make a pseudonym a forgery: %s', (_how, when) =>
  withCopy(async (copy) => {
    await ownerSql(copy.urls.web, hers)
    await ownerSql(copy.urls.web, about('person.offboard'))
    if (when === 'begin') await ownerSql(copy.urls.worker, completed)
    await copy.seal()
    const commit = await heldOpen(copy, 'web', about('person.reactivate'))
    if (when === 'complete') {
      await ownerSql(copy.urls.worker, completed)
      await copy.seal()
      await commit()
      await copy.seal()
      await copy.owner(begun)
    } else {
      await copy.owner(begun)
      await commit()
    }
    await copy.seal()
    await copy.owner(pseudonymise)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toContain('2 rows have a pseudonym')
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)
  }),
)

test('rows with other people’s names don’t prevent names from being compared', () =>
  withCopy(async (copy) => {
    const names = (count: number, who: string, name: string) =>
      rows('kubectl.get', count, ', actor_id, actor_handle, actor_name', `, ${who}, 'x', ${name}`)
    await ownerSql(copy.urls.gateway, names(60, `'${bob}'`, `'Not Bob ' || n`))
    await offboarded(copy)
    const ofBob = (target: string) =>
      rows(
        'space.create',
        1,
        ', actor_id, actor_handle, actor_name, target_name',
        `, '${bob}', 'bob-1', 'Bob', '${target}'`,
      )
    await ownerSql(copy.urls.web, ofBob('none'))
    await ownerSql(copy.urls.web, ofBob('for Alice'))
    await copy.seal()
    await copy.owner(begun)
    const mention = pseudonymise
      .replace(`actor_id = '${alice}' AND`, `target_name = 'for Alice' AND`)
      .replace(/SET actor_handle.*source_address = NULL/, `SET target_name = 'for Former person'`)
    await copy.owner(mention)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)
  }))
