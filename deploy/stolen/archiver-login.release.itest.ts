/** Uses the login of the operator’s trail commands, and tests each sentence about it in identities.ts. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fillPastMonth, makePastMonths } from '#dev/testing/database/past-months.ts'
import { stolenIdentities } from './identities.ts'

let owner: pg.Pool
let stolen: pg.Pool
let removeLogin: () => Promise<void>
const [gone, here] = [randomUUID(), randomUUID()]

const monthsAgo = (count: number): number => {
  const now = new Date()
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, 1))
  return then.getUTCFullYear() * 100 + then.getUTCMonth() + 1
}
const [oldest, young] = [monthsAgo(5), monthsAgo(3)]

beforeAll(async () => {
  const { ownerDatabaseUrl } = await ownDatabase()
  owner = new pg.Pool({ connectionString: ownerDatabaseUrl, max: 2 })
  const login = await memberLogin(ownerDatabaseUrl, 'spaceport_archiver')
  removeLogin = login.remove
  stolen = new pg.Pool({ connectionString: login.url, max: 1 })
  const months = [5, 4, 3, 2, 1].map(monthsAgo)
  await makePastMonths(owner, months)
  for (const month of months) await fillPastMonth(owner, month, 10)
  await owner.query(`
    INSERT INTO user_account (id, issuer, subject, handle, name, email, deactivated_at) VALUES
      ('${gone}', 'https://issuer.test', '${gone}', 'gone-${gone}', 'Gone Person', 'gone@example.com', now()),
      ('${here}', 'https://issuer.test', '${here}', 'here-${here}', 'Here Person', 'here@example.com', NULL);
    INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended, completed_at, certificate, certificate_hash)
      VALUES (gen_random_uuid(), '${gone}', '${here}', 'x', now(), '{}', now(), '{}', 'x')`)
})
afterAll(async () => {
  await Promise.all([stolen?.end(), owner?.end()])
  await removeLogin?.()
})

/** Claims that a month is in a file that doesn't exist. */
async function claim(month: number, headOf = month): Promise<void> {
  const { rows } = await stolen.query(
    `SELECT coalesce(sum(rows), 0) AS rows, min(number) AS first, max(number) AS last,
       (SELECT hash FROM audit_block WHERE month = $2 ORDER BY number DESC LIMIT 1) AS head FROM audit_block WHERE month = $1`,
    [month, headOf],
  )
  const { rows: count, first, last, head } = rows[0]
  await stolen.query(`SELECT archive_trail_month($1, $2, $3, $4, $5, sha256('nothing'), 'thief', false)`, [
    month,
    count,
    first,
    last,
    head,
  ])
}

describe(stolenIdentities.archiverLogin.name, () => {
  test('reads the trail with everything in it', async () => {
    const { rows } = await stolen.query(
      'SELECT actor_name, source_address, salt FROM audit_event WHERE salt IS NOT NULL LIMIT 1',
    )
    expect(rows).toHaveLength(1)
  })

  test('detaches an old month without a file, which the trail records, and the owner can attach it again', async () => {
    await claim(0)
    await claim(oldest)
    const { rows } = await owner.query(
      `SELECT detail ->> 'sha256' AS sha256, detail ->> 'login' AS login FROM audit_event WHERE action = 'trail.archive' ORDER BY seq DESC LIMIT 1`,
    )
    expect(rows).toMatchObject([{ login: expect.stringContaining('spaceport_archiver') }])
    await stolen.query('SELECT drop_archived_months()')
    await owner.query(`ALTER TABLE audit_event ATTACH PARTITION audit_event_${oldest}
      FOR VALUES FROM (${oldest}000000000000) TO (${monthsAgo(4)}000000000000)`)
    expect((await owner.query('SELECT FROM audit_event WHERE seq / 1000000000000 = $1', [oldest])).rowCount).toBe(10)
    await owner.query(`ALTER TABLE audit_event DETACH PARTITION audit_event_${oldest}`)
  })

  test('detaches no younger month, and nothing but what the blocks say', async () => {
    await expect(claim(young)).rejects.toThrow(/stay in the database/)
    await expect(claim(monthsAgo(0))).rejects.toThrow(/stay in the database/)
    await expect(claim(monthsAgo(4), young)).rejects.toThrow(/not what the database has/)
    for (const statement of [
      'UPDATE audit_retention SET months = 1, days = 0',
      `ALTER TABLE audit_event DETACH PARTITION audit_event_${young}`,
      `DROP TABLE audit_event_${oldest}`,
      'DELETE FROM audit_archive',
    ]) {
      await expect(stolen.query(statement), statement).rejects.toThrow(/permission denied|must be owner/)
    }
  })

  test('writes nothing to the trail, and changes no row in it', async () => {
    for (const statement of [
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination) VALUES (gen_random_uuid(), 'x', now(), 'system', 'x', 'web/x', 'portal')`,
      'INSERT INTO audit_block SELECT * FROM audit_block LIMIT 1',
      'UPDATE audit_event SET actor_name = NULL, salt = NULL',
      'DELETE FROM audit_event',
      'TRUNCATE audit_event',
      'SELECT seal_trail(1)',
    ]) {
      await expect(stolen.query(statement), statement).rejects.toThrow(/permission denied/)
    }
  })

  test('gives a pseudonym only to a departed user with a complete certificate', async () => {
    await stolen.query('SELECT begin_pseudonym($1, $2)', [`gone-${gone}`, 'thief'])
    await expect(stolen.query('SELECT begin_pseudonym($1, $2)', [`here-${here}`, 'thief'])).rejects.toThrow(
      /offboarded first/,
    )
  })

  test('can’t read or change people, sessions or anything else', async () => {
    for (const statement of [
      'SELECT name FROM user_account',
      'SELECT user_id FROM session',
      'SELECT token_hash FROM credential',
      'SELECT terms FROM pseudonym',
      `UPDATE user_account SET name = 'x'`,
      'DELETE FROM session',
      'SET ROLE spaceport_trail_owner',
      'SET ROLE spaceport_pseudonymiser',
      'SET ROLE spaceport_worker',
    ]) {
      await expect(stolen.query(statement), statement).rejects.toThrow(/permission denied/)
    }
  })
})
