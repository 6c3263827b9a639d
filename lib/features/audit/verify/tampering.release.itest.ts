/** The verifier as an auditor runs it, against every way to change the trail. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { newCheckpointKey, openTrailScene, type TrailScene } from '#dev/testing/fixtures/trail-scene.ts'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { keyIdOf, publicJwk, readCheckpointKey } from '#lib/features/audit/chain/checkpoint.ts'

let scene: TrailScene
beforeAll(async () => {
  scene = await openTrailScene()
})
afterAll(() => scene?.close())

const computeAgain = `DELETE FROM audit_block; INSERT INTO audit_unsealed SELECT seq FROM audit_event; PERFORM seal_trail(100000)`

type Copy = Awaited<ReturnType<TrailScene['copy']>>
const withCopy = async (run: (copy: Copy) => Promise<void>) => {
  const copy = await scene.copy()
  try {
    await run(copy)
  } finally {
    await copy.close()
  }
}
/** The nth row, from 0, as an auditor would know it. */
const rowAt = async ({ owner }: Copy, n: number) => {
  const [row] = await owner('SELECT seq::text AS seq, id FROM audit_event ORDER BY seq OFFSET $1 LIMIT 1', [n])
  return { seq: String(row?.seq), id: String(row?.id) }
}

test('an unchanged trail is intact', () =>
  withCopy(async (copy) => {
    const { status, out } = await copy.verify()
    expect(out).toContain('Verified 60 rows in 6 blocks, 1 to 6')
    expect(out).toContain('3 checkpoints agree')
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)
  }))

test('rows of transactions that were open while later rows were sealed are sealed later, and the trail is intact', () =>
  withCopy(async (copy) => {
    const open = await copy.pool.connect()
    await open.query('BEGIN')
    await open.query(
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
       VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
    )
    await copy.add(5)
    expect(await copy.seal()).toBe(5)
    await open.query('COMMIT')
    open.release()
    await copy.add(1)
    expect(await copy.seal()).toBe(2)
    await copy.add(3)
    const { status, out } = await copy.verify()
    expect(out).toContain('Verified 67 rows in 8 blocks, 1 to 8')
    expect(out).toContain('3 rows wait to be sealed')
    expect(status).toBe(0)
  }))

test.each([
  ['edited', `UPDATE audit_event SET action = 'space.delete' WHERE seq = SEQ`],
  ['edited', `UPDATE audit_event SET actor_name = 'Somebody Else' WHERE seq = SEQ`],
  ['edited', `UPDATE audit_event SET recorded_at = recorded_at - interval '1 second' WHERE seq = SEQ`],
  ['edited', `UPDATE audit_event SET salt = gen_random_uuid() WHERE seq = SEQ`],
])('a row that the owner changed is found as %s: %s', (kind, statement) =>
  withCopy(async (copy) => {
    const row = await rowAt(copy, 33)
    await copy.unguarded(statement.replace('SEQ', row.seq))
    const { status, out } = await copy.verify()
    expect(out).toContain(`${kind}: `)
    expect(out).toContain(`seq ${row.seq}, id ${row.id}`)
    expect(out).toContain('block 4; the last good checkpoint before it is at block 2, the next is at block 4')
    expect(out).toContain('The trail is not intact: 1 findings')
    expect(status).toBe(1)
  }),
)

test('a row that the owner removed is found', () =>
  withCopy(async (copy) => {
    const row = await rowAt(copy, 12)
    await copy.unguarded(`DELETE FROM audit_event WHERE seq = ${row.seq}`)
    const { status, out } = await copy.verify()
    expect(out).toContain('dropped: the row was removed since it was sealed')
    expect(out).toContain(`seq ${row.seq}; block 2`)
    expect(status).toBe(1)
  }))

test('a row that the owner removed before it was sealed is found', () =>
  withCopy(async (copy) => {
    await copy.add(3)
    const row = await rowAt(copy, 61)
    await copy.unguarded(`DELETE FROM audit_event WHERE seq = ${row.seq}`)
    expect((await copy.verify()).out).toContain(`dropped: the row was removed before it was sealed (seq ${row.seq}`)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toContain('dropped: the row was removed before it was sealed')
    expect(status).toBe(1)
  }))

test('rows that the owner swapped are found as reordered', () =>
  withCopy(async (copy) => {
    const [a, b] = [await rowAt(copy, 21), await rowAt(copy, 27)]
    await copy.unguarded(
      `UPDATE audit_event SET seq = -1 WHERE seq = ${a.seq}; UPDATE audit_event SET seq = ${a.seq} WHERE seq = ${b.seq};
       UPDATE audit_event SET seq = ${b.seq} WHERE seq = -1`,
    )
    const { status, out } = await copy.verify()
    expect(out).toContain(
      `reordered: the row was sealed as seq ${a.seq}, and is in another’s place (seq ${b.seq}, id ${a.id}`,
    )
    expect(out).toContain(`reordered: the row was sealed as seq ${b.seq}`)
    expect(status).toBe(1)
  }))

test('blocks that the owner swapped don’t link', () =>
  withCopy(async (copy) => {
    await copy.unguarded(
      `UPDATE audit_block SET number = -3 WHERE number = 3; UPDATE audit_block SET number = 3 WHERE number = 4; UPDATE audit_block SET number = 4 WHERE number = -3`,
    )
    const { status, out } = await copy.verify()
    expect(out).toMatch(/broken link: .*block 3/)
    expect(status).toBe(1)
  }))

test('a removed block is found, with the rows in it', () =>
  withCopy(async (copy) => {
    await copy.unguarded(
      `DELETE FROM audit_event WHERE seq = ANY ((SELECT seqs FROM audit_block WHERE number = 3)::bigint[]); DELETE FROM audit_block WHERE number = 3`,
    )
    const { status, out } = await copy.verify()
    expect(out).toContain('dropped: block 3 is missing')
    expect(status).toBe(1)
  }))

const cutTail = `DELETE FROM audit_event WHERE seq > (SELECT max(s) FROM audit_block, unnest(seqs) s WHERE number = 3);
  DELETE FROM audit_block WHERE number > 3; DELETE FROM audit_checkpoint WHERE block > 3`

test('a tail that was cut off with its blocks and checkpoints is found by a checkpoint stored elsewhere', () =>
  withCopy(async (copy) => {
    await copy.unguarded(cutTail)
    const alone = await copy.verify()
    expect(alone.status).toBe(0)
    expect(alone.out).toContain('1 checkpoints agree')
    const { status, out } = await copy.verify('--checkpoints', scene.keptElsewhere(ownFolder()))
    expect(out).toMatch(/cut off: the chain ends at block 3, but the checkpoint of .* is of block 6 with 60 rows/)
    expect(status).toBe(1)
    // It grows again: the new blocks have the old numbers and other hashes.
    for (let block = 4; block <= 7; block++) {
      await copy.add(10)
      await copy.seal()
    }
    const grown = await copy.verify('--checkpoints', scene.keptElsewhere(ownFolder()))
    expect(grown.out).toContain('checkpoint contradicted: ')
    expect(grown.status).toBe(1)
  }))

test('a tail that was cut off without its checkpoints is found without external ones', () =>
  withCopy(async (copy) => {
    await copy.unguarded(cutTail.slice(0, cutTail.lastIndexOf(';')))
    const { status, out } = await copy.verify()
    expect(out).toContain('cut off: the chain ends at block 3')
    expect(status).toBe(1)
  }))

test('a start that was cut off is found', () =>
  withCopy(async (copy) => {
    await copy.unguarded(
      `DELETE FROM audit_event WHERE seq = ANY ((SELECT seqs FROM audit_block WHERE number = 1)::bigint[]); DELETE FROM audit_block WHERE number = 1`,
    )
    const { status, out } = await copy.verify()
    expect(out).toContain('cut off: block 1 is missing')
    expect(status).toBe(1)
  }))

const addAs = (more: string, values: string, at = 'clock_timestamp()') =>
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome${more})
   VALUES ('00000000-0000-4000-8000-00000000f0f0', 'grant.add', ${at}, 'system', 'portal', 'worker/test', 'portal', 'ok'${values})`

/** Runs statements on one connection of a login. */
const asLogin = async (url: string, run: (client: pg.Client) => Promise<void>) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}
const added = '00000000-0000-4000-8000-00000000f0f0'
const addedRow = async ({ owner }: Copy) => {
  const [row] = await owner(
    `SELECT abs(extract(epoch FROM clock_timestamp() - at))::int AS ago, abs(extract(epoch FROM clock_timestamp() - recorded_at))::int AS "recordedAgo", detail
     FROM audit_event WHERE id = $1`,
    [added],
  )
  return row
}

test.each(['web', 'worker', 'gateway'] as const)(
  'the login of %s can’t record a false time: the row has the database’s time, with the claimed one next to it',
  (login) =>
    withCopy(async (copy) => {
      await asLogin(copy.urls[login], async (client) => {
        await client.query(addAs('', '', `'2026-01-02T03:04:05Z'`))
        for (const [column, value] of [
          ['recorded_at', `now() - interval '3 days'`],
          ['seq', '1'],
          ['salt', 'NULL'],
          ['personal_hash', `'x'`],
          ['route', `'around'`],
        ] as const)
          await expect(client.query(addAs(`, ${column}`, `, ${value}`))).rejects.toThrow(/permission denied/)
        for (const statement of [
          'DELETE FROM audit_unsealed',
          `UPDATE audit_event SET salt = NULL`,
          `UPDATE audit_event SET recorded_at = clock_timestamp()`,
          `UPDATE audit_turn SET highest = NULL`,
          'DELETE FROM audit_block',
          'DELETE FROM audit_checkpoint',
          'TRUNCATE audit_block',
        ])
          await expect(client.query(statement), statement).rejects.toThrow(/permission denied/)
      })
      const row = await addedRow(copy)
      expect(row?.detail).toEqual({ claimedAt: '2026-01-02T03:04:05.000000Z' })
      expect(Number(row?.ago)).toBeLessThan(300)
      await copy.seal()
      const { status, out } = await copy.verify()
      expect(out).toContain('Note: 1 rows have a corrected time')
      expect(out).toContain('The trail is intact.')
      expect(status).toBe(0)
    }),
)

test.each([
  ['null', '"null"'],
  ['a list', '[1]'],
  ['much', `"${'x'.repeat(65_000)}"`],
])('a row with a false time and %s in its detail is written and sealed', (_, detail) =>
  withCopy(async (copy) => {
    await ownerSql(
      copy.urls.gateway,
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, detail)
       VALUES ('${added}', 'kubectl.get', '2026-01-02T03:04:05Z', 'system', 'portal', 'gateway/test', 'portal', $1)`,
      [detail],
    )
    expect((await addedRow(copy))?.detail).toMatchObject({ claimedAt: '2026-01-02T03:04:05.000000Z' })
    expect(await copy.seal()).toBe(1)
    expect((await copy.verify()).status).toBe(0)
  }),
)

test.each([
  ['of an outcome that was retried for a while', 'worker/test', '25 minutes', 'worker'],
  ['of a process with a slow clock', 'gateway/test', '4 minutes', 'gateway'],
] as const)('a time %s stays unchanged', (_what, observer, ago, login) =>
  withCopy(async (copy) => {
    const at = `clock_timestamp() - interval '${ago}'`
    await ownerSql(copy.urls[login], addAs('', '', at).replace('worker/test', observer))
    expect(await addedRow(copy)).toMatchObject({ detail: {} })
    expect(Number((await addedRow(copy))?.ago)).toBeGreaterThan(200)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).not.toContain('Note: ')
    expect(status).toBe(0)
  }),
)

test.each([20, 40])(
  'a cluster’s report that is %s hours late is written with its own time, and noted after a day',
  (hours) =>
    withCopy(async (copy) => {
      const [cluster] = await copy.owner(
        `INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'late') ON CONFLICT (name) DO UPDATE SET name = 'late' RETURNING id`,
      )
      const at = new Date(Date.now() - hours * 3_600_000).toISOString()
      await ownerSql(copy.urls.worker, 'SELECT take_cluster_audit($1, $2)', [
        cluster?.id,
        JSON.stringify([
          {
            ...{
              fingerprint: 'x',
              route: 'around',
              proof: 'none',
              user_name: 'x',
              action: 'cluster.delete',
              at,
              outcome: 'ok',
            },
            ...{
              actor_kind: 'cluster',
              actor_name: 'somebody',
              target_kind: 'pods',
              detail: '{}',
              cluster_audit_id: 'x',
            },
          },
        ]),
      ])
      const [row] = await copy.owner(`SELECT at, detail FROM audit_event WHERE action = 'cluster.delete'`)
      expect(row).toEqual({ at: new Date(at), detail: {} })
      await copy.seal()
      const { status, out } = await copy.verify()
      expect(out.includes('Note: 1 rows were reported by a cluster more than a day after')).toBe(hours > 24)
      expect(status).toBe(0)
    }),
)

/** A transaction with a row that seems to have been open for two hours while others were sealed. */
const heldOpen = async (copy: Copy, detail = '{}') => {
  const client = new pg.Client({ connectionString: copy.urls.owner })
  await client.connect()
  await client.query('BEGIN')
  await client.query(
    `INSERT INTO audit_event (id, action, at, recorded_at, actor_kind, target_kind, observer, destination, outcome, detail)
     VALUES ('${added}', 'grant.add', ${early}, ${early}, 'system', 'portal', 'worker/test', 'portal', 'ok', $1)`,
    [detail],
  )
  await copy.add(3)
  await copy.seal()
  await client.query('COMMIT')
  await client.end()
}

test.each([
  ['{}', { insertedAt: expect.any(String), claimedAt: expect.any(String) }],
  ['[7]', { insertedAt: expect.any(String), claimedAt: expect.any(String), detail: [7] }],
  [JSON.stringify('x'.repeat(65_400)), expect.objectContaining({ insertedAt: expect.any(String), truncated: true })],
])(
  'a row with a transaction that was held open for hours gets its sealing time, and the trail is intact',
  (detail, kept) =>
    withCopy(async (copy) => {
      await heldOpen(copy, detail)
      await copy.seal()
      const row = await addedRow(copy)
      expect(row?.detail).toEqual(kept)
      expect(Number(row?.recordedAgo)).toBeLessThan(300)
      expect(Number(row?.ago)).toBeLessThan(300)
      const { status, out } = await copy.verify()
      expect(out).toContain('Note: 1 rows have a corrected time')
      expect(status).toBe(0)
      for (const statement of [
        `UPDATE audit_event SET recorded_at = clock_timestamp() WHERE id = '${added}'`,
        `SET ROLE spaceport_trail_owner; UPDATE audit_event SET recorded_at = clock_timestamp() WHERE id = '${added}'`,
      ])
        await expect(copy.owner(statement)).rejects.toThrow(/append-only/)
    }),
)

test('sealing corrects only rows that were held open', () =>
  withCopy(async (copy) => {
    await heldOpen(copy)
    await copy.add(20)
    await copy.seal()
    const rows = await copy.owner(`SELECT FROM audit_event WHERE detail ? 'insertedAt'`)
    expect(rows).toHaveLength(1)
  }))

const early = `now() - interval '2 hours'`
const between = addAs(', recorded_at, seq', `, ${early}, (SELECT min(seq) FROM audit_event WHERE seq > 0) - 1`, early)

test.each([
  ['with the next seq', addAs(', recorded_at', `, ${early}`, early)],
  ['with a seq between others, and keeps from being corrected', `${between}; UPDATE audit_turn SET highest = NULL`],
])('a row that the owner adds with its own time, %s, is found when it is sealed', (_how, statement) =>
  withCopy(async (copy) => {
    await copy.owner(statement)
    await copy.seal()
    const { status, out } = await copy.verify()
    // Everything in this test is younger than the tolerances, so the place in the chain decides.
    expect(out).toMatch(/forged time: its recorded time is .*(earlier rows were recorded|was missing when later rows)/)
    expect(out).toContain('00000000-0000-4000-8000-00000000f0f0')
    expect(status).toBe(1)
  }),
)

test('a row that the owner adds with a seq between others gets its sealing time', () =>
  withCopy(async (copy) => {
    await copy.owner(between)
    await copy.seal()
    expect(Number((await addedRow(copy))?.recordedAgo)).toBeLessThan(300)
    expect((await copy.verify()).out).toContain('Note: 1 rows have a corrected time')
  }))

test('a row that the owner backdates by less than five minutes is found', () =>
  withCopy(async (copy) => {
    await copy.owner(
      `${addAs(', recorded_at', `, now() - interval '4 minutes'`)}; UPDATE audit_turn SET highest = NULL`,
    )
    await copy.seal()
    const [row] = await copy.owner(`SELECT seq::text AS seq FROM audit_event WHERE id = $1`, [added])
    expect((await copy.verify()).out).toContain(
      `Note: 1 rows were sealed late: more than five minutes after their recorded time, or 90 seconds after newer rows: seq ${row?.seq}.`,
    )
  }))

test('a row that the owner adds past the trigger is found: it is in no block and doesn’t wait for one', () =>
  withCopy(async (copy) => {
    await copy.unguarded(addAs('', ''))
    await copy.add(5)
    await copy.seal()
    const { status, out } = await copy.verify()
    expect(out).toContain('inserted: the row is in no block')
    expect(out).toContain('00000000-0000-4000-8000-00000000f0f0')
    expect(status).toBe(1)
  }))

test('a row that the owner writes into a month’s partition is found', () =>
  withCopy(async (copy) => {
    const [row] = await copy.owner(`SELECT tableoid::regclass::text AS partition FROM audit_event LIMIT 1`)
    await copy.owner(addAs('', '').replace('INTO audit_event', `INTO ${row?.partition}`))
    const { status, out } = await copy.verify()
    expect(out).toContain('inserted: the row is in no block')
    expect(status).toBe(1)
  }))

test('for any number of findings, the worst come first and all are listed', () =>
  withCopy(async (copy) => {
    const [first] = await copy.owner('SELECT min(seq)::text AS seq FROM audit_event')
    const edited = await rowAt(copy, 33)
    await copy.unguarded(`UPDATE audit_event SET action = 'space.delete' WHERE seq = ${edited.seq}`)
    await copy.unguarded(
      `UPDATE audit_event SET at = at - interval '3 days' WHERE seq <> ${edited.seq}; DELETE FROM audit_checkpoint; ${computeAgain.replace('DELETE FROM audit_block', 'DELETE FROM audit_block; UPDATE audit_turn SET highest = NULL')}`,
    )
    await copy.unguarded(`UPDATE audit_event SET reason = 'x' WHERE seq = ${edited.seq}`)
    const { status, out } = await copy.verify()
    expect(out).toContain('The trail is not intact: 60 findings')
    expect(out.indexOf(`edited: the row doesn’t match what was sealed`)).toBeGreaterThan(0)
    expect(out.indexOf('edited: ')).toBeLessThan(out.indexOf('forged time: '))
    const [from, to] = [BigInt(String(first?.seq)), BigInt(edited.seq)]
    expect(out).toContain(
      `forged time: 59 findings, the first 10 above: seq ${from} to ${to - 1n}, ${to + 1n} to ${from + 59n}`,
    )
    expect(status).toBe(1)
    const all = await copy.verify('--all')
    expect(all.out.match(/^forged time: it/gm)).toHaveLength(59)
    const lines = (await copy.verify('--json')).out.trim().split('\n')
    const parsed: { finding?: { kind: string; row: { seq: string } }; result?: string; findings?: number }[] =
      lines.map((line) => JSON.parse(line))
    expect(parsed.filter(({ finding }) => finding?.kind === 'forged time')).toHaveLength(59)
    expect(parsed.find(({ finding }) => finding?.kind === 'edited')?.finding?.row.seq).toBe(edited.seq)
    expect(parsed.at(-1)).toMatchObject({ result: 'broken', findings: 60, rows: 60 })
  }))

test('an owner who edits a row and recomputes the whole chain is found by a checkpoint stored elsewhere', () =>
  withCopy(async (copy) => {
    const row = await rowAt(copy, 33)
    await copy.unguarded(
      `UPDATE audit_event SET action = 'space.delete' WHERE seq = ${row.seq}; DELETE FROM audit_checkpoint; ${computeAgain}`,
    )
    const alone = await copy.verify()
    expect(alone.out).toContain('No checkpoint confirms it: its owner could have recomputed the whole chain.')
    expect(alone.status).toBe(0)
    // Even with their own key and checkpoints in the database.
    await copy.unguarded('DELETE FROM audit_key')
    await copy.signer(newCheckpointKey(), [])()
    const signed = await copy.verify()
    expect(signed.out).toContain('trusted only because it is in the database')
    const dir = ownFolder()
    writeFileSync(join(dir, 'keys.json'), JSON.stringify({ keys: [publicJwk(readCheckpointKey(scene.key))] }))
    const { status, out } = await copy.verify(
      '--checkpoints',
      scene.keptElsewhere(dir),
      '--public-key',
      join(dir, 'keys.json'),
    )
    expect(out).toContain('trusted because you gave it')
    expect(out).toContain('The key was changed here.')
    expect(out).toMatch(/checkpoint contradicted: .*|cut off: the chain ends/)
    expect(status).toBe(1)
  }))

test('an owner who recomputes the chain but leaves the stored checkpoints is found', () =>
  withCopy(async (copy) => {
    await copy.unguarded(
      `UPDATE audit_event SET action = 'space.delete' WHERE seq = ${(await rowAt(copy, 33)).seq}; ${computeAgain}`,
    )
    const { status, out } = await copy.verify()
    expect(out).toMatch(/checkpoint contradicted|cut off/)
    expect(status).toBe(1)
  }))

test('a checkpoint that the owner changed or forged is found', () =>
  withCopy(async (copy) => {
    await copy.unguarded(
      `UPDATE audit_checkpoint SET statement = replace(statement, 'rows: 20', 'rows: 10') WHERE block = 2`,
    )
    const { status, out } = await copy.verify()
    expect(out).toContain('checkpoint contradicted: the checkpoint of block 2')
    expect(out).toContain('it was changed or forged')
    expect(status).toBe(1)
  }))

test('a worker that signed a chain signs no other one', () =>
  withCopy(async (copy) => {
    const log: string[] = []
    const sign = copy.signer(scene.key, log)
    await copy.add(1)
    await copy.seal()
    await sign()
    await copy.unguarded(`DELETE FROM audit_checkpoint; ${computeAgain}`)
    await copy.add(1)
    await copy.seal()
    await sign()
    expect(log).toHaveLength(2)
    expect(log[1]).toContain('"signed"')
    expect((await copy.owner('SELECT FROM audit_checkpoint')).length).toBe(0)
  }))

test('a forged checkpoint of a login without the key is ignored, and doesn’t block signing', () =>
  withCopy(async (copy) => {
    const keyId = keyIdOf(readCheckpointKey(scene.key))
    const forge = (block: number, id: string) =>
      ownerSql(
        copy.urls.worker,
        `INSERT INTO audit_checkpoint (block, hash, rows, made_at, key_id, statement, signature)
         VALUES ($1, sha256('x'), 999000, now(), $2, 'spaceport trail checkpoint 1', sha256('y'))`,
        [block, id],
      )
    await forge(5, 'somebody')
    await forge(7, keyId)
    await forge(8, keyId)
    await copy.add(10)
    await copy.seal()
    const log: string[] = []
    const sign = copy.signer(scene.key, log)
    await sign()
    expect(JSON.parse(log[0] ?? '').checkpoint.statement).toContain('block: 7\nrows: 70\n')
    expect(log[1]).toContain('"block":7')
    await sign()
    expect(log).toHaveLength(2)
    await copy.add(10)
    await copy.add(10)
    await copy.seal()
    await copy.seal()
    await sign()
    expect(JSON.parse(log[2] ?? '').checkpoint.statement).toContain('block: 8\nrows: 90\n')
  }))

test('a worker that has just started doesn’t sign a chain that contradicts its key’s checkpoints', () =>
  withCopy(async (copy) => {
    await copy.unguarded(computeAgain)
    await copy.add(1)
    await copy.seal()
    const log: string[] = []
    await copy.signer(scene.key, log)()
    expect(log).toHaveLength(1)
    expect(log[0]).toContain('"found"')
  }))

test('older checkpoints stay valid after a change of the key', () =>
  withCopy(async (copy) => {
    await copy.add(4)
    await copy.seal()
    await copy.signer(newCheckpointKey(), [])()
    const { status, out } = await copy.verify()
    expect(out).toContain('The key was changed here.')
    expect(out).toContain('4 checkpoints agree')
    expect(status).toBe(0)
  }))

test.each(['web', 'worker', 'gateway', 'auditor'] as const)('no lock of %s’s login prevents sealing', (login) =>
  withCopy(async (copy) => {
    const client = new pg.Client({ connectionString: copy.urls[login] })
    await client.connect()
    for (const name of ['', ' partitions', ' archive', ' words'])
      await client.query('SELECT pg_advisory_lock(hashtext($1))', [`spaceport trail${name}`])
    await expect(client.query('SELECT FROM audit_turn FOR UPDATE')).rejects.toThrow(/permission denied/)
    await copy.add(3)
    expect(await copy.seal()).toBe(3)
    await copy.pool.query('SELECT make_trail_partitions()')
    await client.end()
  }),
)

test.each([
  ['a time without an end', `'infinity', '{}'`],
  ['a time before Christ', `'0044-03-15 BC', '{}'`],
  ['a time of five digits', `'12026-01-01', '{}'`],
  ['more than can be hashed', `now(), to_jsonb(repeat(chr(1), 70000))`],
])('%s can’t touch the chain', (_, values) =>
  withCopy(async (copy) => {
    const written = ownerSql(
      copy.urls.gateway,
      `INSERT INTO audit_event (id, action, actor_kind, target_kind, observer, destination, at, detail)
       VALUES (gen_random_uuid(), 'kubectl.get', 'system', 'portal', 'gateway/test', 'portal', ${values})`,
    )
    await expect(written).rejects.toThrow(/audit_event_(time|size)/)
    expect((await copy.verify()).status).toBe(0)
  }),
)

test('a worker with an old view of the chain can’t append to it', () =>
  withCopy(async (copy) => {
    await copy.add(1)
    const client = await copy.pool.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await expect(client.query('SELECT seal_trail(1000)')).rejects.toThrow(/read committed/)
    await client.query('ROLLBACK')
    client.release()
    expect(await copy.seal()).toBe(1)
    expect((await copy.verify()).status).toBe(0)
  }))

test('whatever a process writes, the verifier reads the trail to its end', () =>
  withCopy(async (copy) => {
    const written = (action: string, detail: string, url = copy.urls.gateway) =>
      ownerSql(
        url,
        `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome, detail)
         VALUES (gen_random_uuid(), $1, clock_timestamp(), 'system', 'person', 'gateway/test', 'portal', 'ok', $2)`,
        [action, detail],
      )
    const details = [
      'null',
      '7',
      '"rows"',
      '[]',
      '{"rows": 7}',
      '{"rows": [7, null]}',
      '{"of": 7, "rows": {"x": "y", "7": 7}}',
    ]
    for (const action of ['person.pseudonymise-rows', 'person.pseudonymise', 'trail.archive'])
      for (const detail of details) {
        await written(action, detail, copy.urls.owner)
        await expect(written(action, detail)).rejects.toThrow(/permission denied/)
      }
    await copy.seal()
    const { status, out, err } = await copy.verify()
    expect(err).toBe('')
    expect(out).toContain('The trail is intact.')
    expect(status).toBe(0)

    await written('space.\u001b[2J\nThe trail is intact.\n', '{}')
    await copy.unguarded(`UPDATE audit_event SET reason = 'x' WHERE action LIKE 'space.%intact%'`)
    await copy.seal()
    await copy.unguarded(`UPDATE audit_event SET reason = 'y' WHERE action LIKE 'space.%intact%'`)
    const changed = await copy.verify()
    expect(changed.out).not.toContain('\u001b')
    expect(changed.out.split('\n')).not.toContain('The trail is intact.')
    expect(changed.status).toBe(1)
  }))

test('invalid public keys don’t prevent a verification', () =>
  withCopy(async (copy) => {
    for (const [id, key] of [
      ['none', 'garbage'],
      ['empty', '{}'],
      ['null', 'null'],
      ['another', JSON.stringify(publicJwk(readCheckpointKey(newCheckpointKey())))],
    ])
      await ownerSql(copy.urls.worker, 'INSERT INTO audit_key (key_id, public_key) VALUES ($1, $2)', [id, key])
    const { status, out } = await copy.verify()
    expect(out).toContain('4 of the keys in the database are invalid')
    expect(out).toContain('3 checkpoints agree')
    expect(status).toBe(0)
  }))

test('a part is verified by blocks or times, from the last checkpoint before it', () =>
  withCopy(async (copy) => {
    await copy.unguarded(`UPDATE audit_event SET action = 'x' WHERE seq = ${(await rowAt(copy, 5)).seq}`)
    const whole = await copy.verify()
    expect(whole.status).toBe(1)
    const part = await copy.verify('--from', '3', '--to', '5')
    expect(part.out).toContain('Verified 30 rows in 3 blocks, 3 to 5')
    expect(part.out).toContain('2 checkpoints agree')
    expect(part.status).toBe(0)
    expect((await copy.verify('--from', '2001-01-01', '--to', '2001-01-02')).status).toBe(2)
    expect((await copy.verify('--nonsense')).err).toContain('Usage: bin/spaceport audit-verify')
  }))
