/** `npm run audit:verify`: verifies the trail in the database or a file against its chain and its checkpoints. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readVerifyConfig } from '#lib/config/config.ts'
import {
  type Checkpoint,
  parseStatement,
  readCheckpoints,
  readPublicKeys,
  readStoredKeys,
} from '#lib/features/audit/chain/checkpoint.ts'
import { type KeyUse, type TrustedKey, trustCheckpoints } from '#lib/features/audit/chain/trust-checkpoints.ts'
import { type VerifyEvent, type VerifySummary, verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { selectMissingMonths } from '#lib/features/audit/db/chain/blocks.ts'
import {
  type BlockRange,
  readCheckpointKeys,
  readRecords,
  readStoredCheckpoints,
  selectBlockRange,
} from '#lib/features/audit/db/chain/read-trail-parts.ts'
import { partOfTrail, wholeTrail } from '#lib/features/audit/operator/whole-trail.ts'
import { createReaderPool, type Pool } from '#lib/kernel/db/pool.ts'
import { withoutControls } from '#lib/kernel/trail/audit-row.ts'
import { openReport, type Report } from './report-findings.ts'
import { verifyExport } from './verify-export.ts'

const usage = `Usage: bin/spaceport audit-verify [--from START] [--to END] [--archive DIR]… [--export FILE] [--checkpoints FILE]… [--public-key FILE]… [--all] [--json]
  --from, --to     only the blocks sealed in this period (2026-11-01, 2026-11-01T10:00:00Z), or with these numbers
  --archive        a folder with archived months: the chain is verified through them, from its first block
  --export FILE    a file of CloudEvents instead of the database (docs/trail-export.md), optionally compressed with gzip
  --checkpoints    checkpoints stored elsewhere: one JSON object with statement and signature per line
  --public-key     a key that signed checkpoints: JWK set (/.well-known/spaceport-trail-keys.json), JWK or PEM
  --all            print every finding; otherwise the first of each kind, and ranges
  --json           for programs: one JSON object per line for each finding, each note and the result
Reads the database of DATABASE_URL with any login that may read the trail (a member of spaceport_auditor).
Exit status: 0 the trail is intact, 1 it is not, 2 it could not be verified.`

const progressMs = 2_000

/** Rows may contain control sequences for the terminal. */
const print = (line: string): void =>
  void (isForPrograms ? process.stderr : process.stdout).write(`${withoutControls(line)}\n`)
/** In JSON, control characters are escaped. */
const printJson = (value: object): void => {
  if (isForPrograms) process.stdout.write(`${JSON.stringify(value)}\n`)
}
let isForPrograms = false

function readArguments() {
  const { values } = parseArgs({
    options: {
      export: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      archive: { type: 'string', multiple: true, default: [] },
      checkpoints: { type: 'string', multiple: true, default: [] },
      'public-key': { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  return values
}

/** The checkpoints to verify against, with findings about invalid ones. */
async function openCheckpoints(pool: Pool, files: { checkpoints: string[]; keys: string[] }) {
  const given = files.keys.flatMap((file) => readPublicKeys(readFileSync(file, 'utf8')))
  const stored = await readCheckpointKeys(pool)
  const named = readStoredKeys(stored)
  if (named.length < stored.length) print(`${stored.length - named.length} of the keys in the database are invalid.`)
  const keys: TrustedKey[] = [
    ...given.map((key) => ({ key, source: 'given' as const })),
    ...named.map((key) => ({ key, source: 'database' as const })),
  ]
  const kept = files.checkpoints.flatMap((file) => readCheckpoints(readFileSync(file, 'utf8')))
  const signed = (await readStoredCheckpoints(pool)).flatMap((checkpoint) => {
    const claim = parseStatement(checkpoint.statement)
    return claim ? [{ ...claim, ...checkpoint }] : []
  })
  print(`Checkpoints: ${signed.length} in the database, ${kept.length} from your files.`)
  const trusted = trustCheckpoints([...signed, ...kept], keys)
  trusted.keys.forEach(printKey)
  return trusted
}

function printKey({ keyId, source, first, last, checkpoints }: KeyUse, i: number): void {
  const why =
    source === 'given'
      ? 'trusted because you gave it'
      : 'trusted only because it is in the database, whose owner could have replaced it; give --public-key'
  const change = i > 0 ? ' The key was changed here.' : ''
  print(
    `Key ${keyId}: ${checkpoints} checkpoints, block ${first.block} (${first.at}) to ${last.block} (${last.at}); ${why}.${change}`,
  )
}

/** @returns the exit status */
async function verify(pool: Pool): Promise<number> {
  const { from, to, archive, checkpoints, 'public-key': keys, all } = readArguments()
  if (archive.length > 0 && (from || to)) throw new Error('--archive requires the whole chain, without --from and --to')
  const { good, faults } = await openCheckpoints(pool, { checkpoints, keys })
  const report = openReport({ print, all, write: printJson })
  for (const fault of faults) report.add(fault)
  const range = from || to ? await selectBlockRange(pool, from, to) : undefined
  const { summary, wrongFiles } = range
    ? { summary: await verifyRange(pool, good, range, report), wrongFiles: [] }
    : await verifyWhole(pool, good, archive, report)
  report.end(summary.notes)
  for (const wrong of wrongFiles) print(`archive: ${wrong}`)
  const findings = report.count() + wrongFiles.length
  printResult(summary, findings)
  printJson({ result: findings === 0 ? 'holds' : 'broken', findings, ...numbersOf(summary), archives: wrongFiles })
  return findings > 0 ? 1 : 0
}

async function verifyWhole(pool: Pool, checkpoints: readonly Checkpoint[], dirs: readonly string[], report: Report) {
  const { parts, faults } = await wholeTrail(pool, dirs)
  const missingMonths = await selectMissingMonths(pool)
  const summary = await follow(verifyChain(parts, { checkpoints, missingMonths }), report)
  return { summary, wrongFiles: faults(summary.archives) }
}

async function verifyRange(pool: Pool, checkpoints: readonly Checkpoint[], range: BlockRange, report: Report) {
  const [parts, outside] = [await partOfTrail(pool, range), await readRecords(pool)]
  return follow(verifyChain(parts, { checkpoints, outside, isPart: range.first > 1 }), report)
}

async function follow(events: AsyncIterable<VerifyEvent>, report: Report): Promise<VerifySummary> {
  let next = performance.now() + progressMs
  for await (const event of events) {
    if (event.kind === 'done') return event.summary
    if (event.kind === 'finding') report.add(event.finding)
    else if (performance.now() >= next) {
      next = performance.now() + progressMs
      process.stderr.write(`… block ${event.block}, sealed ${event.at}; ${event.rows} rows so far\n`)
    }
  }
  throw new Error('the verification ended early')
}

const numbersOf = ({
  blocks,
  rows,
  archivedBlocks,
  first,
  last,
  pseudonymised,
  waiting,
  checkpoints,
}: VerifySummary) => ({
  ...{ blocks, rows, archivedBlocks, first, last, pseudonymised, waiting, checkpoints },
})

function printResult(summary: VerifySummary, findings: number): void {
  const { blocks, rows, archivedBlocks, first, last, pseudonymised, waiting, checkpoint, checkpoints } = summary
  print(
    `Verified ${rows} rows in ${blocks} blocks${last ? `, ${first} to ${last.number} (sealed ${last.sealedAt})` : ''}; ${waiting} rows wait to be sealed.`,
  )
  if (archivedBlocks > 0)
    print(
      `${archivedBlocks} blocks are archived: only their links were verified. Give --archive to verify their content.`,
    )
  if (pseudonymised > 0) print(`${pseudonymised} rows have a pseudonym in place of a person.`)
  print(
    checkpoint
      ? `${checkpoints} checkpoints agree, the last of ${checkpoint.at} at block ${checkpoint.block}. Anything sealed later is only as safe as the database.`
      : 'No checkpoint confirms it: its owner could have recomputed the whole chain.',
  )
  print(findings === 0 ? 'The trail is intact.' : `The trail is not intact: ${findings} findings.`)
}

/** @returns the exit status */
async function verifyFile(file: string): Promise<number> {
  const { checkpoints, 'public-key': keyFiles, all } = readArguments()
  const keys = keyFiles.flatMap((path) => readPublicKeys(readFileSync(path, 'utf8')))
  const holds = await verifyExport(file, {
    keys: keys.map((key) => ({ key, source: 'given' as const })),
    checkpoints: checkpoints.flatMap((path) => readCheckpoints(readFileSync(path, 'utf8'))),
    ...{ print, all, write: printJson },
  })
  printJson({ result: holds ? 'holds' : 'broken' })
  return holds ? 0 : 1
}

/** @returns the exit status */
async function verifyDatabase(): Promise<number> {
  pool = createReaderPool(readVerifyConfig().DATABASE_URL, 'spaceport-audit-verify')
  return await verify(pool)
}

let pool: Pool | undefined
try {
  const { export: file, json } = readArguments()
  isForPrograms = json
  process.exitCode = file === undefined ? await verifyDatabase() : await verifyFile(file)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  const wrongUse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(wrongUse ? `${message}\n${usage}` : withoutControls(message))
  process.exitCode = 2
}
await pool?.end()
