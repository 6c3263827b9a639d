/** What the database’s owner can make of the way by which people get pseudonyms, and what the verifier says of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTrailScene, type TrailScene } from '#dev/testing/fixtures/trail-scene.ts'

let scene: TrailScene
beforeAll(async () => {
  scene = await openTrailScene()
})
afterAll(() => scene?.close())

type Copy = Awaited<ReturnType<TrailScene['copy']>>

const alice = '00000000-0000-4000-8000-0000000000aa'
const bob = '00000000-0000-4000-8000-0000000000bb'
const run = '00000000-0000-4000-8000-00000000cafe'
const former = 'former-0123456789'

/** The row of the trail with an action. */
const insert = (action: string, columns = '', values = '') =>
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination${columns})
   VALUES (gen_random_uuid(), '${action}', clock_timestamp(), 'user', 'portal', 'web/test', 'portal'${values});`
const by = (person: string, name: string, more = '', values = '') =>
  insert(
    'space.create',
    `, actor_id, actor_handle, actor_name, source_address${more}`,
    `, '${person}', '${name.toLowerCase()}-1', '${name}', '192.0.2.1'${values}`,
  )
const about = (action: string, more = '', values = '') =>
  insert(action, `, target_id${more}`, `, '${alice}'${values}`).replace(`'user', 'portal'`, `'user', 'person'`)
const offboarded = about('person.offboard') + about('offboarding.complete', ', outcome', `, 'ok'`)
const begun = about('person.pseudonymise', ', target_name', `, '${former}'`).replace('gen_random_uuid()', `'${run}'`)

/** Replaces columns of rows as the owner can, and has an event name them with the hashes of what they say then. */
const replace = (where: string, set: string, by = '') => `
  CREATE TEMPORARY TABLE was ON COMMIT DROP AS SELECT seq FROM audit_event WHERE ${where};
  UPDATE audit_event SET ${set}, salt = NULL WHERE seq IN (SELECT seq FROM was);
  ${
    by ||
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), 'person.pseudonymise-rows', clock_timestamp(), 'system', 'person', '${alice}', '${former}', 'command/test', 'portal', 'ok',
      jsonb_build_object('of', '${run}', 'rows', (SELECT jsonb_object_agg(seq::text, trail_replacement_hash(personal_hash, actor_handle, actor_name, target_name, source_address, user_agent, detail))
        FROM audit_event WHERE seq IN (SELECT seq FROM was))))`
  };`
const asFormer = `actor_handle = '${former}', actor_name = 'Former person', source_address = NULL`
const ofAlice = `actor_id = '${alice}'`
const aliceAlone = `${ofAlice} AND target_name IS NULL`

async function attack(before: string, ...after: string[]) {
  const copy: Copy = await scene.copy()
  try {
    await copy.owner(
      by(alice, 'Alice') +
        by(alice, 'Alice') +
        by(bob, 'Bob') +
        by(bob, 'Bob', ', target_name', `, 'for Alice'`) +
        before,
    )
    await copy.seal()
    for (const statement of after) {
      await copy.owner(statement)
      await copy.seal()
    }
    return await copy.verify()
  } finally {
    await copy.close()
  }
}

test('a pseudonym of somebody who was offboarded, with its records, holds', async () => {
  const { status, out } = await attack(offboarded, begun, replace(aliceAlone, asFormer))
  expect(out).toContain('2 rows have pseudonyms in the place of a person.')
  expect(out).not.toContain('Note: ')
  expect(out).toContain('The trail holds.')
  expect(status).toBe(0)
})

test('so does one in a row that only mentions them, or in which two people stand', async () => {
  const mention = replace(`actor_id = '${bob}' AND target_name LIKE '%Alice%'`, `target_name = 'for Former person'`)
  const again = replace(`actor_id = '${bob}' AND target_name LIKE '%Former%'`, `user_agent = '${former}'`)
  expect((await attack(offboarded, begun, mention)).status).toBe(0)
  // The trigger leaves a row alone that has no salt any more: as the trail’s owner, which the functions run as.
  const asOwner = `SET ROLE spaceport_trail_owner; ${again.replace('CREATE TEMPORARY TABLE was ON COMMIT DROP AS', 'CREATE TABLE was AS')} DROP TABLE was`
  expect((await attack(offboarded, begun, mention, asOwner)).out).toContain('The trail holds.')
})

const forgedName = `actor_handle = 'mallory-1', actor_name = 'Mallory', source_address = NULL`
const legacyRecord = `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome, detail)
  VALUES (gen_random_uuid(), 'person.pseudonymise-rows', clock_timestamp(), 'system', 'person', '${alice}', '${former}', 'command/test', 'portal', 'ok',
    jsonb_build_object('of', '${run}', 'seqs', (SELECT jsonb_agg(seq::text) FROM was)))`
const reactivated = about('person.reactivate')

test.each<[string, string, string[], RegExp]>([
  [
    'another name, and no record',
    offboarded,
    [begun, replace(ofAlice, forgedName, 'SELECT 1')],
    /pseudonymised without record: .*no event says so/,
  ],
  [
    'another name, and a record without the hash of it',
    offboarded,
    [begun, replace(ofAlice, forgedName, legacyRecord)],
    /pseudonymised without record: /,
  ],
  [
    'another name, with everything else in order',
    offboarded,
    [begun, replace(ofAlice, forgedName)],
    /forged pseudonym: .*it names Mallory as the one/,
  ],
  [
    'the address left in place',
    offboarded,
    [
      begun,
      replace(ofAlice, `actor_handle = '${former}', actor_name = 'Former person', source_address = '192.0.2.99'`),
    ],
    /forged pseudonym: .*an address or a client/,
  ],
  [
    'another name in a row of somebody else, of which the record says that it is about her',
    offboarded,
    [
      begun,
      replace(
        `actor_id = '${bob}' AND target_name LIKE '%Alice%'`,
        `actor_name = 'Mallory', target_name = 'for Former person'`,
      ),
    ],
    /forged pseudonym: .*it names Mallory, which no other row of the same actor does/,
  ],
  [
    'a row that has nothing of her',
    offboarded,
    [begun, replace(`actor_id = '${bob}' AND target_name IS NULL`, `source_address = '192.0.2.99'`)],
    /forged pseudonym: .*nothing in it is about former-/,
  ],
  [
    'nobody who was offboarded',
    '',
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'somebody whose certificate isn’t complete',
    about('person.offboard'),
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'a certificate that came with no offboarding',
    about('offboarding.complete', ', outcome', `, 'ok'`),
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*no row before it says that they were offboarded/,
  ],
  [
    'somebody who was offboarded afterwards only',
    '',
    [begun, replace(aliceAlone, asFormer), offboarded],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'somebody who was reactivated',
    offboarded + reactivated,
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*reactivated/,
  ],
  [
    'no run of the command',
    offboarded,
    [replace(aliceAlone, asFormer)],
    /forged pseudonym: .*the command which gave it began/,
  ],
  [
    'a run that began afterwards',
    offboarded,
    [replace(aliceAlone, asFormer), begun],
    /forged pseudonym: .*not of the run that it names/,
  ],
  [
    'a run for somebody else',
    offboarded,
    [begun.replace(alice, bob), replace(aliceAlone, asFormer)],
    /forged pseudonym: .*not of the run that it names/,
  ],
  [
    'a pseudonym that is none',
    offboarded.replaceAll(former, 'mallory-1'),
    [begun.replaceAll(former, 'mallory-1'), replace(aliceAlone, forgedName).replaceAll(former, 'mallory-1')],
    /pseudonymised without record: /,
  ],
])('an owner who replaces what is personal in a row is named: %s', async (_what, before, after, finding) => {
  const { status, out } = await attack(before, ...after)
  expect(out).toMatch(finding)
  expect(out).toContain('The trail does not hold')
  expect(status).toBe(1)
})

test('an owner who changes a row that has a pseudonym is named', async () => {
  const later = `SET ROLE spaceport_trail_owner; UPDATE audit_event SET detail = '{"x": 1}' WHERE ${aliceAlone}`
  const { status, out } = await attack(offboarded, begun, replace(aliceAlone, asFormer), later)
  expect(out).toMatch(/forged pseudonym: .*it isn’t what the event says that was put there/)
  expect(status).toBe(1)
})

test('a reactivation that failed doesn’t count; one that was done does, whatever became of it afterwards', async () => {
  const failed = about('person.reactivate', ', outcome', `, 'failed'`)
  expect((await attack(offboarded + failed, begun, replace(aliceAlone, asFormer))).status).toBe(0)
  // The row of what was done is in one transaction with it: an outcome comes later, and can’t undo it.
  const id = '00000000-0000-4000-8000-0000000000ff'
  const done =
    about('person.reactivate').replace('gen_random_uuid()', `'${id}'`) +
    about('person.reactivate', ', intent_id, outcome', `, '${id}', 'failed'`)
  const { status, out } = await attack(offboarded + done, begun, replace(aliceAlone, asFormer))
  expect(out).toMatch(/forged pseudonym: .*reactivated/)
  expect(status).toBe(1)
})

test('what waits to be sealed is said to be unchecked, and a part of the trail takes records from outside of it', async () => {
  const copy = await scene.copy()
  try {
    await copy.owner(by(alice, 'Alice') + offboarded + begun)
    await copy.seal()
    await copy.owner(replace(aliceAlone, asFormer))
    const waits = await copy.verify()
    expect(waits.out).toContain('Note: 1 rows have pseudonyms for which the records')
    expect(waits.status).toBe(0)
    await copy.seal()
    expect((await copy.verify()).out).not.toContain('Note: ')
    // Block 7 has the row and its story, block 8 the record.
    const part = await copy.verify('--from', '7', '--to', '7')
    expect(part.out).toContain('Note: 1 rows have pseudonyms for which the records')
    expect(part.status).toBe(0)
    await copy.owner(
      `SET ROLE spaceport_trail_owner; UPDATE audit_event SET actor_name = 'Mallory' WHERE ${aliceAlone}`,
    )
    expect((await copy.verify('--from', '7', '--to', '7')).status).toBe(1)
  } finally {
    await copy.close()
  }
})
