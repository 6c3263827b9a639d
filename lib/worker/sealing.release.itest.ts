/** Real workers seal and sign the rows of three concurrent processes on their own Postgres, and are killed with it. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startPostgres } from '#dev/postgres.ts'
import { prepareDatabase } from '#dev/prepare-database.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { newCheckpointKey } from '#dev/testing/fixtures/trail-scene.ts'
import { readCheckpoints } from '#lib/features/audit/chain/checkpoint.ts'
import { type VerifySummary, verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { readTrailParts } from '#lib/features/audit/db/chain/read-trail-parts.ts'
import { createPool, createReaderPool } from '#lib/kernel/db/pool.ts'
import { createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'

let dir: string
let ports: Record<'postgres' | 'one' | 'two', number>
let postgres: Awaited<ReturnType<typeof startPostgres>>
const workers: Service[] = []
const key = newCheckpointKey()

const openPostgres = () =>
  startPostgres({ dir, port: ports.postgres, fsync: false, report: () => {}, onExit: () => {} })

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'spaceport-sealing-'))
  ports = await freePorts('postgres', 'one', 'two')
  postgres = await openPostgres()
  await prepareDatabase(postgres)
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await postgres?.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function startWorker(name: 'one' | 'two'): Promise<Service> {
  const worker = await startService({
    name: `worker ${name}`,
    command: launcher,
    args: ['worker'],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: postgres.urls.worker,
      KUBECONFIG: inject('kubeBroker'),
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      SPACEPORT_URL: 'https://spaceport.test',
      SPACEPORT_CHECKPOINT_KEY: key,
      WORKER_LISTEN: `127.0.0.1:${ports[name]}`,
    },
    cwd: projectRoot,
    logFile: join(dir, `${name}.log`),
    readyUrl: `http://127.0.0.1:${ports[name]}/readyz`,
    onCrash: () => {},
  })
  workers.push(worker)
  return worker
}

/**
 * Writes with the login of a process until it is stopped.
 * @returns the acknowledged IDs
 */
function write(login: 'web' | 'worker' | 'gateway') {
  const pool = createPool(postgres.urls[login], { process: login, max: 2, applicationName: `test-${login}` })
  const writer = createAuditWriter(pool, { maxQueue: 1_000 })
  const acknowledged: string[] = []
  let going = true
  const lanes = Array.from({ length: 8 }, async () => {
    while (going) {
      const id = randomUUID()
      await writer
        .append({
          id,
          action: 'space.create',
          at: new Date(),
          actor: { kind: 'system', name: 'worker' },
          target: { kind: 'portal' },
          observer: 'worker/test',
          destination: 'portal',
          outcome: 'ok',
        })
        .then(
          () => acknowledged.push(id),
          () => new Promise((resolve) => setTimeout(resolve, 50)),
        )
    }
  })
  return {
    acknowledged,
    async stop() {
      going = false
      await Promise.all(lanes)
      await writer.close()
      await pool.end()
    },
  }
}

async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.ownerUrl })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

const blocks = async () => Number((await sql('SELECT count(*)::int AS n FROM audit_block'))[0]?.n)
const metric = async (name: 'one' | 'two', of: string) =>
  Number(
    new RegExp(`^${of} (\\S+)$`, 'm').exec(await (await fetch(`http://127.0.0.1:${ports[name]}/metrics`)).text())?.[1],
  )

async function verify(): Promise<{ texts: string[]; summary: VerifySummary | undefined }> {
  const pool = createReaderPool(postgres.ownerUrl, 'test-verify')
  const checkpoints = ['one', 'two'].flatMap((name) => readCheckpoints(readFileSync(join(dir, `${name}.log`), 'utf8')))
  const texts: string[] = []
  let summary: VerifySummary | undefined
  for await (const event of verifyChain(readTrailParts(pool), { checkpoints })) {
    if (event.kind === 'finding') texts.push(event.finding.text)
    if (event.kind === 'done') summary = event.summary
  }
  await pool.end()
  return { texts, summary }
}

test('every acknowledged row is sealed once, through deaths of workers and Postgres', async () => {
  const [one] = [await startWorker('one'), await startWorker('two')]
  const writers = (['web', 'worker', 'gateway'] as const).map(write)

  for (let death = 0; death < 3; death++) {
    const before = await blocks()
    await vi.waitFor(async () => expect(await blocks()).toBeGreaterThan(before + 2), { timeout: 20_000 })
    const dying = workers.at(death === 0 ? 0 : -1) ?? one
    process.kill(dying.pid() ?? 0, 'SIGKILL')
    await expect.poll(() => dying.isRunning()).toBe(false)
    const then = await blocks()
    await vi.waitFor(async () => expect(await blocks()).toBeGreaterThan(then + 1), { timeout: 20_000 })
    await startWorker('one')
  }

  const before = await blocks()
  await postgres.process.stop({ signal: 'SIGQUIT', graceMs: 15_000 })
  postgres = await openPostgres()
  await vi.waitFor(async () => expect(await blocks()).toBeGreaterThan(before + 2), { timeout: 60_000, interval: 500 })

  await Promise.all(writers.map((writer) => writer.stop()))
  const acknowledged = writers.flatMap((writer) => writer.acknowledged)
  await vi.waitFor(async () => expect(await sql('SELECT FROM audit_unsealed LIMIT 1')).toEqual([]), { timeout: 60_000 })
  expect(await metric('two', 'spaceport_trail_unsealed_rows')).toBe(0)
  expect(await metric('two', 'spaceport_trail_unsealed_age_seconds')).toBe(0)
  expect(await metric('two', 'spaceport_trail_blocks')).toBe(await blocks())

  const [row] = await sql(
    `SELECT count(*)::int AS sealed FROM audit_event e JOIN (SELECT unnest(seqs) AS seq FROM audit_block) s ON s.seq = e.seq WHERE e.id = ANY ($1)`,
    [acknowledged],
  )
  expect(row?.sealed).toBe(acknowledged.length)
  const { texts, summary } = await verify()
  expect(texts).toEqual([])
  expect(summary?.rows).toBeGreaterThanOrEqual(acknowledged.length)
  expect(summary?.checkpoints).toBeGreaterThan(0)
}, 240_000)

test('a single row is sealed within seconds; a worker that stops seals and signs the end of the trail', async () => {
  const seal = async () => {
    const began = performance.now()
    await sql(
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
       VALUES (gen_random_uuid(), 'space.create', clock_timestamp(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
    )
    await vi.waitFor(async () => expect(await sql('SELECT FROM audit_unsealed')).toEqual([]), {
      interval: 50,
      timeout: 20_000,
    })
    return performance.now() - began
  }
  expect(await fastestOfThree(4_000, seal)).toBeLessThan(4_000)
  await Promise.all(workers.map((worker) => worker.stop()))
  const [row] = await sql(
    `SELECT (SELECT max(block) FROM audit_checkpoint) = (SELECT max(number) FROM audit_block) AS signed, (SELECT count(*)::int FROM audit_unsealed) AS waiting`,
  )
  expect(row).toEqual({ signed: true, waiting: 0 })
  const { texts } = await verify()
  expect(texts).toEqual([])
})
