import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { recomputeTrail } from '#dev/testing/database/recompute-trail.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { signCheckpoint } from '#lib/features/audit/chain/checkpoint.ts'
import { blockHash, rowHash } from '#lib/features/audit/chain/hashes.ts'
import { downloadExport } from '#lib/features/audit/use-cases/download-export.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { writeExports } from '#lib/features/audit/use-cases/write-exports.ts'
import { exportParts, newAccount } from './export-parts.ts'
import { verifyExport } from './verify-export.ts'

let fixture: BrokerFixture
let folder: string
let key: { publicKey: KeyObject; privateKey: KeyObject }
/** The lines of the whole chain, and of a selection of it. */
let whole: string[]
let part: string[]

beforeAll(async () => {
  fixture = await openBrokerFixture()
  folder = mkdtempSync(join(tmpdir(), 'spaceport-own-'))
  key = generateKeyPairSync('ed25519')
  for (let round = 0; round < 4; round++) {
    await addRows(500, round % 2 === 0 ? 'alice-000001' : 'bob-000001')
    if (round === 2) await sign()
  }
  await pseudonymise()
  whole = await exported({})
  part = await exported({ person: 'alice-000001' })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await fixture.close()
})

/** Includes everything that JSON could render differently. */
async function addRows(count: number, handle: string): Promise<void> {
  await fixture.owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_handle, actor_name, target_kind, target_name, observer, source_address, destination, outcome, detail)
     SELECT gen_random_uuid(), 'space.create', now(), 'user', $2, 'Ålice "🚀" \\ <b>', 'space', U&'a\\202Eb', 'web/test', '203.0.113.9', 'portal', 'ok',
       '{"big": 12345678901234567890.10, "one": 1.0, "é": "\\u2028", "a": {"b": [1, 2]}}'::jsonb || jsonb_build_object('n', i)
     FROM generate_series(1, $1) i`,
    [count, handle],
  )
  await fixture.system().pool.query('SELECT seal_trail(100000)')
}

/** Two rows of a person who left, as bin/spaceport pseudonymise-person leaves them. */
async function pseudonymise(): Promise<void> {
  const person = randomUUID()
  const about = (action: string, columns = '', values = '') =>
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, observer, destination${columns})
     VALUES (gen_random_uuid(), '${action}', now(), 'system', 'person', '${person}', 'web/test', 'portal'${values});`
  await fixture.owner.query(`
    INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, observer, destination)
      SELECT gen_random_uuid(), 'space.export', now(), 'user', '${person}', 'carla-000001', 'Carla', 'space', 'web/test', 'portal' FROM generate_series(1, 2);
    ${about('person.offboard')} ${about('offboarding.complete', ', outcome', `, 'ok'`)}
    ${about('person.pseudonymise', ', target_name', `, 'former-0123456789'`).replace('gen_random_uuid()', `'${person}'`)}`)
  await fixture.system().pool.query('SELECT seal_trail(100000)')
  await fixture.owner.query(`
    UPDATE audit_event SET actor_handle = 'former-0123456789', actor_name = 'Former person', salt = NULL WHERE actor_id = '${person}';
    INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome, detail)
      VALUES (gen_random_uuid(), 'person.pseudonymise-rows', now(), 'system', 'person', '${person}', 'former-0123456789', 'command/test', 'portal', 'ok',
        jsonb_build_object('of', '${person}', 'rows', (SELECT jsonb_object_agg(seq::text, trail_replacement_hash(personal_hash, actor_handle, actor_name, target_name, source_address, user_agent, detail))
          FROM audit_event WHERE actor_id = '${person}')))`)
  await fixture.system().pool.query('SELECT seal_trail(100000)')
}

async function sign(): Promise<void> {
  const { rows } = await fixture.owner.query<{ block: number; hash: string; rows: number }>(
    `SELECT number::float8 AS block, encode(hash, 'hex') AS hash, (SELECT sum(rows)::float8 FROM audit_block) AS rows
     FROM audit_block ORDER BY number DESC LIMIT 1`,
  )
  const [last] = rows
  if (!last) throw new Error('nothing is sealed')
  const claim = { origin: 'https://spaceport.test', at: new Date().toISOString(), ...last }
  const made = signCheckpoint(claim, key.privateKey)
  await fixture.owner.query(
    `INSERT INTO audit_checkpoint (block, hash, rows, made_at, key_id, statement, signature) VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, decode($7, 'base64'))`,
    [last.block, last.hash, last.rows, made.at, made.keyId, made.statement, made.signature],
  )
}

async function exported(filter: { person?: string }): Promise<string[]> {
  const ctx = fixture.as(await fixture.person('auditor', { platformRole: 'auditor' }))
  const { id } = await startExport(ctx, { format: 'ndjson', ...filter })
  await fixture.system().pool.query('SELECT seal_trail(100000)')
  await writeExports(fixture.system(), new AbortController().signal)
  const file = await downloadExport(ctx, { id })
  const parts: Uint8Array[] = []
  for await (const piece of file.read({ from: 0, until: file.size })) parts.push(piece)
  return gunzipSync(Buffer.concat(parts)).toString().trimEnd().split('\n')
}

async function verify(lines: readonly string[], { compressed = false, keys = [key.publicKey] } = {}) {
  const file = join(folder, randomUUID())
  const text = `${lines.join('\n')}\n`
  writeFileSync(file, compressed ? gzipSync(text) : text)
  const said: string[] = []
  const holds = await verifyExport(file, {
    keys: keys.map((one) => ({ key: one, source: 'given' as const })),
    checkpoints: [],
    print: (line) => void said.push(line),
  })
  return { holds, said: said.join('\n') }
}

const isRow = (line: string) => line.includes('"type":"dev.spaceport.audit.space.create"')
const isBlock = (line: string) => line.includes('"type":"dev.spaceport.trail.block"')
/** A row in the middle, away from the edges of its block. */
const middle = () =>
  whole.findIndex((_line, index) => index > 700 && [-1, 0, 1].every((by) => isRow(whole[index + by] ?? '')))
const changed = (lines: readonly string[], at: number, change: (line: string) => string | string[]) =>
  lines.flatMap((line, index) => (index === at ? change(line) : [line]))

test.each([false, true])(
  'an export of the whole chain can be verified alone, with its checkpoint (compressed: %s)',
  async (compressed) => {
    const { holds, said } = await verify(whole, { compressed })
    expect(said).toContain('1 checkpoints agree')
    expect(said).toMatch(/Verified \d{4} rows in \d+ blocks, 1 to/)
    expect(holds).toBe(true)
  },
)

test('a selection is verified row by row, and reports what it can’t prove', async () => {
  const { holds, said } = await verify(part)
  expect(said).toContain('They are a selection')
  expect(holds).toBe(true)
})

test('repeated deliveries are counted once', async () => {
  const bare = whole.filter((line) => !line.includes('dev.spaceport.trail.export'))
  const { holds, said } = await verify([...bare.slice(0, 900), ...bare.slice(600)])
  expect(said).toContain('300 events are there twice')
  expect(holds).toBe(true)
})

const edits: Readonly<Record<string, (line: string) => string>> = {
  'the actor': (line) => line.replaceAll('alice-000001', 'carol-000001').replaceAll('bob-000001', 'carol-000001'),
  'the outcome': (line) => line.replaceAll('"ok"', '"refused"'),
  when: (line) => line.replaceAll(/"(time|when)":"2/g, '"$1":"1'),
  'the detail and its text': (line) => line.replace('"one":1', '"one":2').replace('\\"one\\": 1.0', '\\"one\\": 2.0'),
  'the displayed detail': (line) => line.replace('"one":1', '"one":2'),
  'the outcome that SIEMs filter by': (line) => line.replace('"outcome":"ok"', '"outcome":"failed"'),
  'the salt': (line) => line.replace(/"chainsalt":"[0-9a-f]/, '"chainsalt":"z'),
  'the hash': (line) => line.replace(/"chainhash":"[0-9a-f]{8}/, '"chainhash":"00000000'),
}

test.each(Object.keys(edits))('an edited line is found, in the whole chain and in a selection: %s', async (what) => {
  const edit = edits[what] ?? String
  const at = middle()
  expect(edit(whole[at] ?? '')).not.toBe(whole[at])
  expect((await verify(changed(whole, at, edit))).holds).toBe(false)
  expect((await verify(changed(part, 100, edit))).holds).toBe(false)
})

test.each([
  ['a row is missing', () => changed(whole, middle(), () => [])],
  [
    'a row is there twice with another id',
    () => changed(whole, middle(), (line) => [line, line.replace(/"id":"./, '"id":"z')]),
  ],
  [
    'two rows changed places',
    () => {
      const at = middle()
      return changed(
        changed(whole, at, () => whole[at + 1] ?? ''),
        at + 1,
        () => whole[at] ?? '',
      )
    },
  ],
  [
    'a block is missing, with its rows',
    () => {
      const heads = whole.flatMap((line, index) => (isBlock(line) ? [index] : []))
      return whole.filter((_line, index) => index < (heads[1] ?? 0) || index >= (heads[2] ?? 0))
    },
  ],
  ['the last line is missing', () => whole.slice(0, -1)],
  ['the end is missing', () => whole.slice(0, 1_500)],
  [
    'the checkpoint has another statement',
    () => whole.map((line) => line.replace('spaceport.test\\nblock: ', 'spaceport.test\\nblock: 1')),
  ],
  ['a line is invalid', () => changed(whole, middle(), () => '{"type":')],
  ['a selection lacks a line', () => changed(part, 100, () => [])],
])('%s: the file isn’t intact', async (_what, damaged) => {
  expect((await verify(damaged())).holds).toBe(false)
})

test('a recomputed chain is found by the checkpoint', async () => {
  const account = newAccount()
  let previous = '0'.repeat(64)
  const forged: string[] = []
  async function* lines() {
    yield* whole
  }
  const blocks = new Map<number, { head: Record<string, unknown>; rows: Record<string, unknown>[] }>()
  for (const line of whole) {
    const event = JSON.parse(line)
    if (isBlock(line)) blocks.set(event.data.number, { head: event, rows: [] })
    else if (event.chainblock) blocks.get(Number(event.chainblock))?.rows.push(event)
  }
  for await (const { blocks: sealed, rows } of exportParts(lines(), account)) {
    const [block] = sealed
    if (!block) continue
    const made = blocks.get(block.number)
    const hashes = rows.map((row, index) => {
      const named = block.number === 1 && index === 0 ? { ...row, actorHandle: 'nobody' } : row
      return rowHash(named)
    })
    const again = { ...block, previous, rowHashes: hashes.join('') }
    const hash = blockHash(again)
    forged.push(
      JSON.stringify({ ...made?.head, data: { ...block, seqs: undefined, rowHashes: undefined, previous, hash } }),
    )
    made?.rows.forEach((event, index) => {
      const text =
        block.number === 1 && index === 0
          ? JSON.stringify(event).replaceAll('alice-000001', 'nobody')
          : JSON.stringify(event)
      forged.push(JSON.stringify({ ...JSON.parse(text), chainhash: hashes[index] }))
    })
    previous = hash
  }
  const alone = await verify(forged)
  expect(alone.said).toContain('No checkpoint confirms it')
  expect(alone.holds, 'nothing contradicts it without a checkpoint').toBe(true)
  const { holds, said } = await verify([...forged, ...whole.filter((line) => line.includes('trail.checkpoint'))])
  expect(said).toContain('checkpoint contradicted')
  expect(holds).toBe(false)
})

/** The findings of an independent implementation that follows docs/trail-export.md. */
const recomputed = (lines: readonly string[], keys = [key.publicKey]) =>
  recomputeTrail(
    lines,
    keys.map((one) => one.export({ format: 'jwk' })),
  )

test('a wrong name in place of a pseudonym is found in a file', async () => {
  expect((await verify(whole)).said).not.toContain('Note: ')
  const forged = await verify(whole.map((line) => line.replaceAll('"Former person"', '"Mallory"')))
  expect(forged.said).toContain('forged pseudonym: ')
  expect(forged.holds).toBe(false)
})

test('the documentation alone is enough to recompute every hash of an export', async () => {
  const source = readFileSync(join(projectRoot, 'dev/testing/database/recompute-trail.ts'), 'utf8')
  expect([...source.matchAll(/from '(.+)'/g)].map(([, from]) => from)).toEqual(['node:crypto'])
  expect(whole.filter((line) => line.includes('chainpersonal'))).toHaveLength(2)
  expect(recomputed(whole)).toEqual([])
  expect(recomputed(whole, [generateKeyPairSync('ed25519').publicKey])).toHaveLength(1)
})

test('that implementation has the same findings as Spaceport’s verifier', () => {
  const at = middle()
  const row = JSON.parse(whole[at] ?? '')
  const seen = ['the displayed detail', 'the outcome that SIEMs filter by']
  for (const [what, edit] of Object.entries(edits).filter(([name]) => !seen.includes(name)))
    expect(recomputed(changed(whole, at, edit)), what).toContain(`row ${row.id} has another hash`)
  expect(recomputed(changed(whole, at, () => []))).toHaveLength(2)
  const [first = 0, second = 0] = whole.flatMap((line, index) => (isBlock(line) ? [index] : []))
  expect(recomputed([...whole.slice(0, first), ...whole.slice(second)])).toContain(
    'block 2 doesn’t follow the one before',
  )
  const other = whole.map((line) =>
    line.includes('trail.checkpoint') ? line.replace('\\nrows: ', '\\nrows: 9') : line,
  )
  expect(recomputed(other)).toHaveLength(1)
})

test('the documentation lists what that implementation hashes', () => {
  const page = readFileSync(join(projectRoot, 'docs/trail-export.md'), 'utf8')
  const hashing = page.slice(page.indexOf('## How it is hashed'), page.indexOf('## Delivery to a SIEM'))
  for (const text of [
    'spaceport personal 1;',
    'spaceport row 1;',
    'spaceport block 1;',
    'spaceport trail checkpoint 1',
  ])
    expect(hashing).toContain(text)
  // The worked example in the documentation is correct.
  const [, given = ''] = /```json\n(\{[\s\S]*?)\n```/.exec(hashing) ?? []
  const [, personal, row, block] =
    /personal hash `(\w{64})`[\s\S]*row hash `(\w{64})`[\s\S]*block hash `(\w{64})`/.exec(hashing) ?? []
  const event = JSON.parse(given)
  const { chainpersonal: _, ...salted } = event
  expect(event.chainhash).toBe(row)
  expect(recomputed([JSON.stringify({ ...salted })])).toEqual([])
  expect(recomputed([JSON.stringify({ ...salted, chainsalt: undefined, chainpersonal: personal })])).toEqual([])
  const head = {
    type: 'dev.spaceport.trail.block',
    data: {
      number: 1,
      month: 202611,
      previous: '0'.repeat(64),
      hash: block,
      sealedAt: '2026-11-26T12:00:00.500000Z',
      rows: 1,
    },
  }
  expect(recomputed([JSON.stringify(head), JSON.stringify(salted)])).toEqual([])
})

test('a checkpoint counts only with a given key that signed it', async () => {
  expect((await verify(whole, { keys: [] })).said).toContain('Give --public-key')
  const { holds } = await verify(whole, { keys: [generateKeyPairSync('ed25519').publicKey] })
  expect(holds).toBe(false)
})
