import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { createDatabase } from '#bench/scene/create-database.ts'
import { watchOver } from '#dev/process/reaper.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { auditColumns, auditTypes, auditValues } from '#lib/kernel/trail/audit-row.ts'
import { createAuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { makeEvent } from './bench-event.ts'
import { countLost } from './count-lost.ts'
import { timeVerification } from './time-verification.ts'

const seconds = 1
/** Callers that wait for their event to be durable. */
const waiting = 128
/** As many rows as our writer puts into one statement. */
const rowsEach = 500
/** The connections of the writer and of single inserts, as many as the gateway has. */
const connections = 8

/** A table like a month of the trail, with its columns and indexes, but without triggers and chain. */
const plainTable = `
  CREATE TABLE bench_plain (LIKE audit_event_month INCLUDING ALL);
  GRANT SELECT, INSERT ON bench_plain TO spaceport_gateway`

/**
 * Row 11: acknowledged events per second with 128 callers into the trail while another process seals it, against
 * multi-row and single inserts into a table without a chain; whether a killed process loses an acknowledged event; and
 * how long a million rows take to verify.
 */
export async function measureTrail({ stack, dir, say }: BenchContext): Promise<Finding[]> {
  const { ownerUrl, urls } = await createDatabase(stack, 'bench_trail')
  const pool = createPool(urls.gateway, { process: 'gateway', max: connections, applicationName: 'bench-trail' })
  const month = new Date().toISOString().slice(0, 7).replace('-', '')
  await ownerSql(ownerUrl, plainTable.replace('audit_event_month', `audit_event_${month}`))
  const sealer = startSealer(urls.worker)
  const writer = createAuditWriter(pool, { maxQueue: 10_000 })
  try {
    const run = {
      ours: () => perSecond(waiting, async () => void (await writer.append(makeEvent())), 1),
      multiRow: () => perSecond(1, () => insertRows(pool, rowsEach), rowsEach),
      single: () => perSecond(1, () => insertRows(pool, 1), 1),
      singleMany: () => perSecond(waiting, () => insertRows(pool, 1), 1),
    }
    for (const warm of Object.values(run)) await warm()
    const { ours, multiRow, single, singleMany } = await inRounds(rounds, run)
    say('row 11: killing the writer')
    const { acknowledged, lost } = await countLost({ ownerUrl, databaseUrl: urls.gateway, dir })
    await sealer.stop()
    say('row 11: verifying a million rows')
    const verified = await timeVerification({ ownerUrl, workerUrl: urls.worker })
    const row = (what: string, reference: number[], min?: number) =>
      ratioFinding(
        { row: '11', what: `trail, ${waiting} callers: events per second, ${what}`, unit: '/s', ours, reference },
        min === undefined ? undefined : { min },
      )
    return [
      row(`multi-row insert by pg (${rowsEach} rows)`, multiRow, 0.5),
      row('single inserts, one after another', single, 4),
      row(`single inserts of all callers on ${connections} connections`, singleMany),
      boundFinding(
        {
          row: '11',
          what: `trail: lost of ${acknowledged} acknowledged events, the writer killed (-9)`,
          unit: 'events',
          ours: [lost],
        },
        0,
      ),
      boundFinding({ row: '11', what: 'trail: a million rows verified', unit: 's', ours: [verified] }, 60),
    ]
  } finally {
    await sealer.stop()
    await writer.close()
    await pool.end()
  }
}

/** Seals as a worker does, beside the writers. */
function startSealer(databaseUrl: string): { stop(): Promise<void> } {
  const program = join(import.meta.dirname, 'seal-until-killed.ts')
  const child = spawn(process.execPath, [program, databaseUrl], { stdio: ['ignore', 'ignore', 'inherit'] })
  const release = child.pid === undefined ? undefined : watchOver(child.pid)
  const exited = once(child, 'exit')
  return {
    async stop() {
      child.kill('SIGKILL')
      await exited
      release?.()
    },
  }
}

/** @returns the events per second of this many callers, each one after another */
async function perSecond(callers: number, write: () => Promise<void>, events: number): Promise<number> {
  const began = performance.now()
  let written = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - began < seconds * 1_000) {
        await write()
        written += events
      }
    }),
  )
  return written / ((performance.now() - began) / 1_000)
}

/** A plain prepared INSERT with that many rows, into the table without a chain. */
async function insertRows(pool: Pool, rows: number): Promise<void> {
  const places = Array.from(
    { length: rows },
    (_, row) => `(${auditTypes.map((type, i) => `$${row * auditTypes.length + i + 1}::${type}`).join(', ')})`,
  )
  await pool.query({
    name: `bench-insert-${rows}`,
    text: `INSERT INTO bench_plain (${auditColumns.join(', ')}) VALUES ${places.join(', ')}`,
    values: Array.from({ length: rows }, () => auditValues(makeEvent())).flat(),
  })
}
