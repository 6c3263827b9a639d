/**
 * Archives a month of the trail in a file. No data may be lost: the file is on disk and verified before the database
 * drops the rows, in one transaction with the record of it.
 */
import { partsOfLines, renderArchiveLine } from '#lib/features/audit/chain/archive-lines.ts'
import { parseStatement } from '#lib/features/audit/chain/checkpoint.ts'
import { describeFinding, type Finding, type FindingKind } from '#lib/features/audit/chain/finding.ts'
import { bridged } from '#lib/features/audit/chain/merge-parts.ts'
import { verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import {
  archiveMonth,
  type LackingSink,
  type MonthContent,
  readBlockHashes,
  readMonthContent,
  readRetention,
  selectArchivedMonths,
  selectLackingSinks,
} from '#lib/features/audit/db/chain/archive-month.ts'
import {
  readCheckpointKeys,
  readStoredCheckpoints,
  readTrailParts,
} from '#lib/features/audit/db/chain/read-trail-parts.ts'
import type { TrailPart } from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { monthOfSeq, type TrailMonth, trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { archivePaths, createFile, readLines, settleFile, writeLines } from './archive-file.ts'

/** The target folder, the host that writes, and whether to archive although a sink lacks the month. */
type ArchiveOptions = { dir: string; host: string; undelivered: boolean }

/** A month’s file, and what the database has recorded of it. */
export type ArchivedFile = { file: string; rows: number; bytes: number; sha256: string; lacking: LackingSink[] }

/**
 * Archives a month: writes and verifies its file, then has the database record and detach the month. It can be
 * interrupted at any point and run again. For an archived month, it verifies the file.
 * @returns the archived month, with the sinks that will never get all of it
 * @throws Error with the reason. Then the database is unchanged.
 */
export async function archiveTrail(pool: Pool, month: TrailMonth, how: ArchiveOptions): Promise<ArchivedFile> {
  const { dir, host, undelivered } = how
  const paths = archivePaths(dir, month)
  const archived = (await selectArchivedMonths(pool)).find((one) => one.month === month)
  if (archived) {
    const { sha256, bytes } = await verifyFile(paths.file)
    if (sha256 !== archived.sha256)
      throw new Error(`${paths.file} is not the archived file, which has the SHA-256 ${archived.sha256}`)
    return { file: paths.file, rows: archived.rows, bytes, sha256, lacking: [] }
  }
  const content = await readMonthContent(pool, month)
  if (!content) throw new Error(`There is no ${trailMonthName(month)} in the trail.`)
  const { months } = await readRetention(pool)
  // The database enforces both too, but only once there is a file.
  if (content.ago <= months) throw new Error(`This month and the last ${months} stay in the database.`)
  const { lastBlock } = content
  const lacking = lastBlock === null ? [] : await selectLackingSinks(pool, lastBlock)
  if (lacking.length > 0 && !undelivered) throw new Error(undeliveredText(month, lacking, lastBlock))
  const partial = `${paths.file}.partial`
  await writeLines(partial, linesOf(pool, month, content))
  const { sha256, bytes, blocks, rows } = await verifyFile(partial)
  await assertSameBlocks(pool, month, blocks)
  if (rows !== content.rows) throw new Error(`The file has ${rows} rows, and the database ${content.rows}.`)
  await settleFile(partial, paths.file)
  await writeManifest(paths.manifest, { month: trailMonthName(month), ...inNumbers(content), bytes, sha256 })
  await archiveMonth(pool, month, content, { sha256: Buffer.from(sha256, 'hex'), host, undelivered })
  return { file: paths.file, rows, bytes, sha256, lacking }
}

const undeliveredText = (month: TrailMonth, lacking: readonly LackingSink[], lastBlock: bigint | null): string =>
  `${trailMonthName(month)} ends with block ${lastBlock}, and is not delivered yet: ${lacking
    .map(({ sink, host, block }) => `${sink} at ${host} has come to block ${block}`)
    .join(', ')}. Wait for it, or use --undelivered to give up the rest.`

const inNumbers = ({ rows, firstBlock, lastBlock, head }: MonthContent) => ({
  rows,
  firstBlock: firstBlock === null ? null : Number(firstBlock),
  lastBlock: lastBlock === null ? null : Number(lastBlock),
  head: head?.toString('hex') ?? null,
})

async function* linesOf(pool: Pool, month: TrailMonth, content: MonthContent): AsyncGenerator<string> {
  const { firstBlock, lastBlock } = content
  if (firstBlock === null || lastBlock === null) return
  const range = { first: Number(firstBlock), last: Number(lastBlock) }
  for await (const part of readTrailParts(pool, range)) yield* linesOfPart(ofMonth(part, month))
  for (const checkpoint of await readStoredCheckpoints(pool)) {
    const block = parseStatement(checkpoint.statement)?.block ?? 0
    if (block >= range.first && block <= range.last) yield renderArchiveLine({ kind: 'checkpoint', checkpoint })
  }
  for (const { keyId, publicKey } of await readCheckpointKeys(pool))
    yield renderArchiveLine({ kind: 'key', key: { keyId, publicKey } })
}

/** Around the turn of a month, blocks of both months alternate. */
const ofMonth = ({ blocks, rows, strays = [] }: TrailPart, month: TrailMonth): TrailPart => ({
  blocks: blocks.filter((block) => block.month === month),
  rows: rows.filter(({ seq }) => monthOfSeq(seq) === month),
  strays: strays.filter(({ seq }) => monthOfSeq(seq) === month),
})

/** Each block before its rows. Rows in no block are written too, so that the verifier finds them. */
function* linesOfPart({ blocks, rows, strays = [] }: TrailPart): Generator<string> {
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  for (const block of blocks) {
    yield renderArchiveLine({ kind: 'block', block })
    for (const seq of block.seqs) {
      const row = bySeq.get(seq)
      if (!row) continue
      bySeq.delete(seq)
      yield renderArchiveLine({ kind: 'row', row })
    }
  }
  for (const row of strays) yield renderArchiveLine({ kind: 'row', row })
}

type VerifiedFile = { sha256: string; bytes: number; rows: number; blocks: { number: number; hash: string }[] }

/** @throws Error with the first finding in a file, or the reason why it can't be read */
async function verifyFile(path: string): Promise<VerifiedFile> {
  const { lines, digest } = readLines(path)
  const blocks: VerifiedFile['blocks'] = []
  let rows = 0
  async function* counted(): AsyncGenerator<TrailPart> {
    for await (const part of bridged(partsOfLines(lines))) {
      for (const { number, hash } of part.blocks) blocks.push({ number, hash })
      rows += part.rows.length
      yield part
    }
  }
  const finding = await firstFinding(counted())
  if (finding) throw new Error(`${path} doesn’t verify: ${describeFinding(finding)}`)
  return { ...digest(), rows, blocks }
}

/** The records of pseudonyms are in a later month, perhaps in several. */
const recordedLater: ReadonlySet<string> = new Set<FindingKind>(['pseudonymised without record', 'forged pseudonym'])

async function firstFinding(parts: AsyncIterable<TrailPart>): Promise<Finding | null> {
  let first: Finding | null = null
  for await (const event of verifyChain(parts, { isPart: true })) {
    if (event.kind === 'finding' && !recordedLater.has(event.finding.kind)) first ??= event.finding
  }
  return first
}

async function assertSameBlocks(pool: Pool, month: TrailMonth, blocks: VerifiedFile['blocks']): Promise<void> {
  let i = 0
  for await (const { number, hash } of readBlockHashes(pool, month)) {
    const written = blocks[i++]
    if (written?.number !== number || written.hash !== hash)
      throw new Error(`Block ${number} in the file differs from the database.`)
  }
  if (i !== blocks.length) throw new Error('The file has more blocks than the database.')
}

async function writeManifest(path: string, content: object): Promise<void> {
  const partial = `${path}.partial`
  const handle = await createFile(partial)
  try {
    await handle.writeFile(
      `${JSON.stringify({ kind: 'spaceport.dev/trail-archive', version: 1, ...content }, null, 2)}\n`,
    )
    await handle.sync()
  } finally {
    await handle.close()
  }
  await settleFile(partial, path)
}
