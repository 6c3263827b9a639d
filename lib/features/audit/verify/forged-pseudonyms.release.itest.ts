/** How the database owner can abuse pseudonyms, and what the verifier finds. */
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

/** A row of the trail with an action. */
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

/** Replaces columns of rows, as the owner can, and adds an event with the new hashes. */
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

test('a pseudonym of an offboarded person, with its records, is accepted', async () => {
  const { status, out } = await attack(offboarded, begun, replace(aliceAlone, asFormer))
  expect(out).toContain('2 rows have a pseudonym in place of a person.')
  expect(out).not.toContain('Note: ')
  expect(out).toContain('The trail is intact.')
  expect(status).toBe(0)
})

test('a pseudonym is accepted in a row that only mentions the person, or that has two people', async () => {
  const mention = replace(`actor_id = '${bob}' AND target_name LIKE '%Alice%'`, `target_name = 'for Former person'`)
  const again = replace(`actor_id = '${bob}' AND target_name LIKE '%Former%'`, `user_agent = '${former}'`)
  expect((await attack(offboarded, begun, mention)).status).toBe(0)
  // The trigger ignores a row without a salt, so this runs as the trail’s owner, like the functions.
  const asOwner = `SET ROLE spaceport_trail_owner; ${again.replace('CREATE TEMPORARY TABLE was ON COMMIT DROP AS', 'CREATE TABLE was AS')} DROP TABLE was`
  expect((await attack(offboarded, begun, mention, asOwner)).out).toContain('The trail is intact.')
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
    /pseudonymised without record: .*no event records it/,
  ],
  [
    'another name, and a record without its hash',
    offboarded,
    [begun, replace(ofAlice, forgedName, legacyRecord)],
    /pseudonymised without record: /,
  ],
  [
    'another name, with everything else in order',
    offboarded,
    [begun, replace(ofAlice, forgedName)],
    /forged pseudonym: .*it names Mallory as the person/,
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
    'another name in another person’s row, which the record attributes to her',
    offboarded,
    [
      begun,
      replace(
        `actor_id = '${bob}' AND target_name LIKE '%Alice%'`,
        `actor_name = 'Mallory', target_name = 'for Former person'`,
      ),
    ],
    /forged pseudonym: .*it names Mallory, unlike all other rows of the same actor/,
  ],
  [
    'a row without her data',
    offboarded,
    [begun, replace(`actor_id = '${bob}' AND target_name IS NULL`, `source_address = '192.0.2.99'`)],
    /forged pseudonym: .*nothing in it is about former-/,
  ],
  [
    'a person who wasn’t offboarded',
    '',
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'a person with an incomplete certificate',
    about('person.offboard'),
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'a certificate without an offboarding',
    about('offboarding.complete', ', outcome', `, 'ok'`),
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*no earlier row records that they were offboarded/,
  ],
  [
    'a person who was offboarded only later',
    '',
    [begun, replace(aliceAlone, asFormer), offboarded],
    /forged pseudonym: .*certificate of their offboarding/,
  ],
  [
    'a reactivated person',
    offboarded + reactivated,
    [begun, replace(aliceAlone, asFormer)],
    /forged pseudonym: .*reactivated/,
  ],
  [
    'no run of the command',
    offboarded,
    [replace(aliceAlone, asFormer)],
    /forged pseudonym: .*the start of the command/,
  ],
  [
    'a run that began later',
    offboarded,
    [replace(aliceAlone, asFormer), begun],
    /forged pseudonym: .*belongs to another run/,
  ],
  [
    'a run for another person',
    offboarded,
    [begun.replace(alice, bob), replace(aliceAlone, asFormer)],
    /forged pseudonym: .*belongs to another run/,
  ],
  [
    'an invalid pseudonym',
    offboarded.replaceAll(former, 'mallory-1'),
    [begun.replaceAll(former, 'mallory-1'), replace(aliceAlone, forgedName).replaceAll(former, 'mallory-1')],
    /pseudonymised without record: /,
  ],
])('an owner who replaces personal data in a row is found: %s', async (_what, before, after, finding) => {
  const { status, out } = await attack(before, ...after)
  expect(out).toMatch(finding)
  expect(out).toContain('The trail is not intact')
  expect(status).toBe(1)
})

test('an owner who changes a pseudonymised row is found', async () => {
  const later = `SET ROLE spaceport_trail_owner; UPDATE audit_event SET detail = '{"x": 1}' WHERE ${aliceAlone}`
  const { status, out } = await attack(offboarded, begun, replace(aliceAlone, asFormer), later)
  expect(out).toMatch(/forged pseudonym: .*it isn’t what the event recorded/)
  expect(status).toBe(1)
})

test('a failed reactivation doesn’t count, while a completed one does, whatever follows', async () => {
  const failed = about('person.reactivate', ', outcome', `, 'failed'`)
  expect((await attack(offboarded + failed, begun, replace(aliceAlone, asFormer))).status).toBe(0)
  // The action's row is in the same transaction as the action. A later outcome can’t undo it.
  const id = '00000000-0000-4000-8000-0000000000ff'
  const done =
    about('person.reactivate').replace('gen_random_uuid()', `'${id}'`) +
    about('person.reactivate', ', intent_id, outcome', `, '${id}', 'failed'`)
  const { status, out } = await attack(offboarded + done, begun, replace(aliceAlone, asFormer))
  expect(out).toMatch(/forged pseudonym: .*reactivated/)
  expect(status).toBe(1)
})

test('pseudonyms with unsealed records are noted as unchecked, and a part of the trail uses records from outside of it', async () => {
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
    // Block 7 has the row and its history, block 8 the record.
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
