/** Takes a break-glass code, and tests each sentence about it in identities.ts. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launcher } from '#dev/project-root.ts'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createBreakGlassCode } from '#lib/auth/break-glass/create-code.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { breakGlassCodeBytes, renderBreakGlassCode } from '#lib/kernel/model/people/break-glass-account.ts'
import { stolenIdentities } from './identities.ts'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
beforeAll(async () => {
  fixture = await openSignInFixture()
})
afterAll(() => fixture.close())

const minuteMs = 60_000
const refused = () => `${fixture.origin}/sign-in/break-glass?error=break_glass_refused`

/** Runs the operator's command. */
async function command(verb: string): Promise<string> {
  const env = { ...process.env, DATABASE_URL: fixture.ownerDatabaseUrl, OIDC_ISSUER: fixture.issuer }
  return (await promisify(execFile)(launcher, ['break-glass', verb], { env })).stdout.trim()
}

type Browser = ReturnType<typeof fixture.browser>
const open = (browser: Browser, code: string, headers: Record<string, string> = {}) =>
  browser.send(`${fixture.origin}/api/auth/break-glass`, { form: { code }, headers })
const randomCode = () => renderBreakGlassCode(randomBytes(breakGlassCodeBytes))

/** Every part of an answer that could help to guess. */
const shapeOf = async (response: Response) => ({
  status: response.status,
  headers: [...response.headers].filter(([name]) => name !== 'date' && name !== 'connection'),
  body: await response.text(),
})
const usesOf = async (handle: string) =>
  (
    await fixture.owner.query(
      `SELECT e.action, e.actor_handle FROM audit_event e WHERE e.action = 'session.break-glass-sign-in' AND e.actor_handle = $1`,
      [handle],
    )
  ).rows

async function refusals(): Promise<number> {
  const { rows } = await fixture.owner.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM audit_event WHERE action = 'session.break-glass-sign-in' AND outcome = 'refused'`,
  )
  return rows[0]?.count ?? 0
}

async function admin(name: string, mailChoices = '{}'): Promise<string> {
  const { rows } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role, mail_choices)
     VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, $2, $2 || '@example.com', 'admin', $3) RETURNING id`,
    [fixture.issuer, uniqueName(name), mailChoices],
  )
  return rows[0]?.id ?? ''
}

const notificationsOf = async (userId: string) =>
  (
    await fixture.owner.query(
      `SELECT e.kind, e.data, m.id IS NOT NULL AS mailed FROM inbox_event e LEFT JOIN mail_delivery m ON m.event_id = e.id
       WHERE e.user_id = $1 ORDER BY e.created_at, e.id`,
      [userId],
    )
  ).rows

describe(stolenIdentities.breakGlassCode.name, () => {
  test('while the provider is down, a code makes a platform admin for exactly an hour', async () => {
    const code = await command('create')
    expect(code).toMatch(/^(\w{4}-){7}\w{4}$/)
    const browser = fixture.browser()
    await fixture.withoutProvider(async () => {
      const response = await open(browser, ` ${code.toLowerCase().replaceAll('-', ' ')} `)
      expect(browser.locationOf(response)).toBe(`${fixture.origin}/`)
      const session = await browser.session()
      expect(session?.actor).toMatchObject({ platformRole: 'admin', isBreakGlass: true, isEligible: false, groups: [] })
      expect(session?.actor.handle).toMatch(/^break-glass-[0-9a-f]{6}$/)
      expect(await usesOf(session?.actor.handle ?? '')).toHaveLength(1)
      expect((session?.expiresAt.getTime() ?? Infinity) - Date.now()).toBeLessThanOrEqual(60 * minuteMs)
    })
    const other = fixture.browser()
    await open(other, await command('create'))
    const left = await other.send(`${fixture.origin}/api/auth/sign-out`, { form: {} })
    expect(other.locationOf(left), 'the provider may be down, and doesn’t know of it').toContain('?state=here')
    try {
      fixture.time.offsetMs = 61 * minuteMs
      expect(await browser.session()).toBeNull()
    } finally {
      fixture.time.offsetMs = 0
    }
  })

  test('a code works once: not again, and not twice at the same time', async () => {
    const code = await command('create')
    const browsers = Array.from({ length: 8 }, () => fixture.browser())
    const went = await Promise.all(browsers.map(async (browser) => browser.locationOf(await open(browser, code))))
    expect(went.filter((to) => to === `${fixture.origin}/`)).toHaveLength(1)
    expect(went.filter((to) => to === refused())).toHaveLength(7)
    const again = fixture.browser()
    expect(again.locationOf(await open(again, code))).toBe(refused())
    const sessions = await Promise.all([...browsers, again].map((browser) => browser.session()))
    expect(sessions.filter((session) => session !== null)).toHaveLength(1)
  })

  test('of several codes created at once, one works', async () => {
    const dbs = Array.from({ length: 5 }, () => createOwnerDb(fixture.ownerDatabaseUrl))
    try {
      const made = { issuer: fixture.issuer, hostname: 'test', at: new Date() }
      await Promise.all(dbs.map((db) => createBreakGlassCode({ db, ...made })))
    } finally {
      await Promise.all(dbs.map((db) => db.$disconnect()))
    }
    const { rows } = await fixture.owner.query('SELECT 1 FROM break_glass_code WHERE used_at IS NULL')
    expect(rows).toHaveLength(1)
  })

  test('a code that is used while a new one is created works, and so does the creation', async () => {
    await command('create')
    const [using, db] = [await fixture.owner.connect(), createOwnerDb(fixture.ownerDatabaseUrl)]
    try {
      await using.query('BEGIN')
      await using.query('SELECT FROM break_glass_code WHERE used_at IS NULL FOR UPDATE')
      const made = createBreakGlassCode({ db, issuer: fixture.issuer, hostname: 'test', at: new Date() })
      made.catch(() => {})
      await expect
        .poll(
          async () => {
            const waits = await fixture.owner.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
            return waits.rowCount
          },
          { interval: 10 },
        )
        .toBe(1)
      const used = await using.query('UPDATE break_glass_code SET used_at = now() WHERE used_at IS NULL')
      await using.query('COMMIT')
      expect(used.rowCount).toBe(1)
      expect(await made).toMatch(/-/)
    } finally {
      using.release()
      await db.$disconnect()
    }
  })

  test('wrong, used and revoked codes are refused alike', async () => {
    const replaced = await command('create')
    const current = await command('create')
    const tried = (code: string) => open(fixture.browser(), code).then(shapeOf)
    const known = [await tried(replaced), await tried(randomCode()), await tried(''), await tried('x'.repeat(5_000))]
    expect(await command('status')).toMatch(/^There is an unused code/)
    expect(await command('void')).toBe('The code no longer works.')
    expect(await command('status')).toBe('There is no unused code.')
    const none = [await tried(current), await tried(randomCode())]
    for (const shape of [...known, ...none]) expect(shape).toEqual(none[0])
    expect(none[0]).toMatchObject({ status: 303 })
  })

  test('every admin is notified at once, whatever their settings, also of a new code; others are not', async () => {
    const [quiet, gone, other] = await Promise.all([
      admin('quiet', '{"waiting": false}'),
      admin('gone'),
      admin('other'),
    ])
    await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [gone])
    await fixture.owner.query(`UPDATE user_account SET platform_role = 'auditor' WHERE id = $1`, [other])
    const browser = fixture.browser()
    await open(browser, await command('create'))
    const handle = (await browser.session())?.actor.handle
    expect(await notificationsOf(quiet)).toMatchObject([
      { kind: 'break-glass-code-created', mailed: true },
      { kind: 'break-glass-account-used', data: { by: { handle } }, mailed: true },
    ])
    expect(await notificationsOf(gone)).toEqual([])
    expect(await notificationsOf(other)).toEqual([])
  })

  test('a use that can’t be written to the trail fails, and leaves the code as it was', async () => {
    const code = await command('create')
    const browser = fixture.browser()
    const notifyAgain = await keepFromTrail(
      fixture.owner,
      uniqueName('sealed'),
      `NEW.actor_name = 'Break-glass account'`,
    )
    try {
      expect(browser.locationOf(await open(browser, code))).toContain('error=trail_unavailable')
      expect(await browser.session()).toBeNull()
    } finally {
      await notifyAgain()
    }
    expect(browser.locationOf(await open(browser, code))).toBe(`${fixture.origin}/`)
  })

  test('another site’s form can’t use a code', async () => {
    const code = await command('create')
    const browser = fixture.browser()
    expect((await open(browser, code, { origin: 'https://evil.test' })).status).toBe(403)
    expect((await open(browser, code, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect(await browser.session()).toBeNull()
    expect(browser.locationOf(await open(browser, code))).toBe(`${fixture.origin}/`)
  })

  test('neither the database nor the trail contains a code', async () => {
    const all = async () => {
      const { rows } = await fixture.owner.query<{ held: string }>(
        `SELECT (SELECT string_agg(c::text, ' ') FROM break_glass_code c) || (SELECT string_agg(e::text, ' ') FROM audit_event e)
         || (SELECT string_agg(i::text, ' ') FROM inbox_event i) AS held`,
      )
      return rows[0]?.held.toUpperCase() ?? ''
    }
    await open(fixture.browser(), await command('create'))
    const before = await all()
    const code = await command('create')
    await open(fixture.browser(), code)
    const held = await all()
    expect(held).toContain('BREAK-GLASS')
    // A group may be a word that the trail has for each code.
    for (const part of [...code.split('-'), code.replaceAll('-', '')].filter((one) => /[G-Z]/.test(one)))
      if (!before.includes(part)) expect(held).not.toContain(part)
  })

  test('the portal’s process can’t change its record of a use afterwards', async () => {
    await open(fixture.browser(), await command('create'))
    for (const change of ['used_at = NULL', 'used_by_id = NULL', `source_address = 'elsewhere'`])
      await expect(
        fixture.pool.query(`UPDATE break_glass_code SET ${change} WHERE used_at IS NOT NULL`),
        change,
      ).rejects.toThrow('is recorded once')
    await fixture.pool.query('UPDATE break_glass_code SET acknowledged_at = now() WHERE used_at IS NOT NULL')
    await expect(
      fixture.pool.query('UPDATE break_glass_code SET acknowledged_at = NULL WHERE used_at IS NOT NULL'),
    ).rejects.toThrow('is recorded once')
  })

  test('guessing is rate-limited, fills neither the trail nor others’ sign-in, and doesn’t lock out the right code', async () => {
    const code = await command('create')
    // The earlier tests' failures count for the minute that starts with the first of them.
    await fixture.owner.query('DELETE FROM rate_limit')
    const began = Date.now()
    const earlier = await refusals()
    const tries = await Promise.all(Array.from({ length: 60 }, () => open(fixture.browser(), randomCode())))
    expect(tries.every(({ status }) => status === 303)).toBe(true)
    const blocked = fixture.browser()
    expect(blocked.locationOf(await open(blocked, randomCode()))).toContain('error=rate_limited')
    expect(blocked.locationOf(await open(blocked, code))).toBe(`${fixture.origin}/`)
    expect(blocked.locationOf(await open(blocked, code))).toContain('error=rate_limited')
    // Thirty a minute: on a machine that takes longer than that, another minute has started.
    const minutes = Math.ceil((Date.now() - began) / minuteMs)
    expect((await refusals()) - earlier).toBeLessThanOrEqual(30 * minutes)
    expect(await refusals()).toBeGreaterThan(0)
    fixture.setPeople([{ username: 'uma' }])
    expect(await fixture.browser().signIn('uma')).toBe(`${fixture.origin}/`)
  })
})
