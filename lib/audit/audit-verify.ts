/** `npm run audit:verify`: holds the trail in the database, or in a file, against its chain and its checkpoints. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { withoutControls } from '#lib/audit/audit-row.ts'
import {
  type Checkpoint,
  parseStatement,
  readCheckpoints,
  readPublicKeys,
  readStoredKeys,
} from '#lib/audit/chain/checkpoint.ts'
import { describeFinding } from '#lib/audit/chain/finding.ts'
import { type KeyUse, type TrustedKey, trustCheckpoints } from '#lib/audit/chain/trust-checkpoints.ts'
import { type VerifyEvent, type VerifySummary, verifyChain } from '#lib/audit/chain/verify-chain.ts'
import { partOfTrail, wholeTrail } from '#lib/audit/operator/whole-trail.ts'
import { verifyExport } from '#lib/audit/verify-export.ts'
import { readVerifyConfig } from '#lib/config/config.ts'
import { createReaderPool, type Pool } from '#lib/db/pool.ts'
import {
  type BlockRange,
  readCheckpointKeys,
  readStoredCheckpoints,
  selectBlockRange,
} from '#lib/db/read-trail-parts.ts'
import { selectPseudonymised } from '#lib/db/select-pseudonymised.ts'

const usage = `Usage: bin/spaceport audit-verify [--from START] [--to END] [--archive DIR]… [--export FILE] [--checkpoints FILE]… [--public-key FILE]…
  --from, --to     only the blocks sealed in this time (2026-11-01, 2026-11-01T10:00:00Z), or with these numbers
  --archive        a folder with archived months: the chain is verified through them, from its first block
  --export FILE    a file of CloudEvents instead of the database (docs/trail-export.md), which may be compressed by gzip
  --checkpoints    checkpoints that were kept elsewhere: a JSON object with statement and signature in each line
  --public-key     a key that signed checkpoints: JWK set (/.well-known/spaceport-trail-keys.json), JWK or PEM
Reads the database of DATABASE_URL with any login that may read the trail (a member of spaceport_auditor).
Exit status: 0 the trail holds, 1 it does not, 2 it could not be verified.`

const maxFindingsShown = 50
const progressMs = 2_000

/** What a row says may be meant for the terminal that it is read at. */
const say = (line: string): void => void process.stdout.write(`${withoutControls(line)}\n`)

function readArguments() {
  const { values } = parseArgs({
    options: {
      export: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      archive: { type: 'string', multiple: true, default: [] },
      checkpoints: { type: 'string', multiple: true, default: [] },
      'public-key': { type: 'string', multiple: true, default: [] },
    },
  })
  return values
}

/** The checkpoints to hold the chain against, with what was wrong about some. */
async function openCheckpoints(pool: Pool, files: { checkpoints: string[]; keys: string[] }) {
  const given = files.keys.flatMap((file) => readPublicKeys(readFileSync(file, 'utf8')))
  const stored = await readCheckpointKeys(pool)
  const named = readStoredKeys(stored)
  if (named.length < stored.length) say(`${stored.length - named.length} of the keys in the database are none.`)
  const keys: TrustedKey[] = [
    ...given.map((key) => ({ key, source: 'given' as const })),
    ...named.map((key) => ({ key, source: 'database' as const })),
  ]
  const kept = files.checkpoints.flatMap((file) => readCheckpoints(readFileSync(file, 'utf8')))
  const signed = (await readStoredCheckpoints(pool)).flatMap((checkpoint) => {
    const claim = parseStatement(checkpoint.statement)
    return claim ? [{ ...claim, ...checkpoint }] : []
  })
  say(`Checkpoints: ${signed.length} in the database, ${kept.length} kept elsewhere.`)
  const trusted = trustCheckpoints([...signed, ...kept], keys)
  trusted.keys.forEach(sayKey)
  return trusted
}

function sayKey({ keyId, source, first, last, checkpoints }: KeyUse, i: number): void {
  const why =
    source === 'given'
      ? 'trusted because you gave it'
      : 'trusted only because the database names it: its owner could have replaced it, so give --public-key'
  const change = i > 0 ? ' The key was changed here.' : ''
  say(
    `Key ${keyId}: ${checkpoints} checkpoints, block ${first.block} (${first.at}) to ${last.block} (${last.at}); ${why}.${change}`,
  )
}

async function verify(pool: Pool): Promise<number> {
  const { from, to, archive, checkpoints, 'public-key': keys } = readArguments()
  if (archive.length > 0 && (from || to)) throw new Error('--archive is for the whole chain, without --from and --to')
  const { good, faults } = await openCheckpoints(pool, { checkpoints, keys })
  for (const fault of faults) say(`checkpoint contradicted: ${fault}`)
  const range = from || to ? await selectBlockRange(pool, from, to) : undefined
  const { summary, wrongFiles } = range
    ? { summary: await reportRange(pool, good, range), wrongFiles: [] }
    : await reportWhole(pool, good, archive)
  for (const wrong of wrongFiles) say(`archive: ${wrong}`)
  const others = faults.length + wrongFiles.length
  sayResult(summary, others)
  return summary.findings + others > 0 ? 1 : 0
}

async function reportWhole(pool: Pool, checkpoints: readonly Checkpoint[], archives: readonly string[]) {
  const { parts, faults } = await wholeTrail(pool, archives)
  const pseudonymised = await selectPseudonymised(pool)
  const summary = await report(verifyChain(parts, { checkpoints, pseudonymised }))
  return { summary, wrongFiles: faults() }
}

async function reportRange(pool: Pool, checkpoints: readonly Checkpoint[], range: BlockRange): Promise<VerifySummary> {
  const pseudonymised = await selectPseudonymised(pool)
  return report(verifyChain(await partOfTrail(pool, range), { checkpoints, pseudonymised, isPart: range.first > 1 }))
}

async function report(events: AsyncIterable<VerifyEvent>): Promise<VerifySummary> {
  let shown = 0
  let next = performance.now() + progressMs
  for await (const event of events) {
    if (event.kind === 'done') return event.summary
    if (event.kind === 'finding') {
      if (shown++ < maxFindingsShown) say(describeFinding(event.finding))
    } else if (performance.now() >= next) {
      next = performance.now() + progressMs
      process.stderr.write(`… block ${event.block}, sealed ${event.at}; ${event.rows} rows so far\n`)
    }
  }
  throw new Error('the verification ended early')
}

function sayResult(summary: VerifySummary, faults: number): void {
  const { blocks, rows, archivedBlocks, first, last, pseudonymised, waiting, checkpoint, checkpoints, findings } =
    summary
  say(
    `Verified ${rows} rows in ${blocks} blocks${last ? `, ${first} to ${last.number} (sealed ${last.sealedAt})` : ''}; ${waiting} rows wait to be sealed.`,
  )
  if (archivedBlocks > 0)
    say(
      `${archivedBlocks} blocks are archived: only what they link was verified. Give --archive to verify what is in them.`,
    )
  if (pseudonymised > 0) say(`${pseudonymised} rows have pseudonyms in the place of a person.`)
  say(
    checkpoint
      ? `${checkpoints} checkpoints agree, the last of ${checkpoint.at} at block ${checkpoint.block}. What was sealed since is only as safe as the database.`
      : 'No checkpoint confirms it: its owner could have computed the whole chain again.',
  )
  say(
    findings + faults === 0
      ? 'The trail holds.'
      : `The trail does not hold: ${findings + faults} findings${findings > maxFindingsShown ? `, the first ${maxFindingsShown} shown` : ''}.`,
  )
}

/** @returns the exit status */
async function verifyFile(file: string): Promise<number> {
  const { checkpoints, 'public-key': keyFiles } = readArguments()
  const keys = keyFiles.flatMap((path) => readPublicKeys(readFileSync(path, 'utf8')))
  const holds = await verifyExport(file, {
    keys: keys.map((key) => ({ key, source: 'given' as const })),
    checkpoints: checkpoints.flatMap((path) => readCheckpoints(readFileSync(path, 'utf8'))),
    say,
  })
  return holds ? 0 : 1
}

/** @returns the exit status */
async function verifyDatabase(): Promise<number> {
  pool = createReaderPool(readVerifyConfig().DATABASE_URL, 'spaceport-audit-verify')
  return await verify(pool)
}

let pool: Pool | undefined
try {
  const { export: file } = readArguments()
  process.exitCode = file === undefined ? await verifyDatabase() : await verifyFile(file)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  const wrongUse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(wrongUse ? `${message}\n${usage}` : withoutControls(message))
  process.exitCode = 2
}
await pool?.end()
