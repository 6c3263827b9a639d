import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { Checkpoint } from '#lib/features/audit/chain/checkpoint.ts'
import { type TrustedKey, trustCheckpoints } from '#lib/features/audit/chain/trust-checkpoints.ts'
import { type VerifySummary, verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { type ExportAccount, exportCheckpoints, exportParts, newAccount } from './export-parts.ts'
import { openReport, type Report, type ReportOptions } from './report-findings.ts'

const gzipStart = [0x1f, 0x8b]

/** Longer than any event. */
const maxLineLength = 1_000_000

/**
 * @returns the lines of a file, which may be compressed by gzip (RFC 1952). Only a line feed ends a line. JSON may
 * contain other characters that some readers treat as line breaks.
 */
async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await open(file)
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close())
  const source = createReadStream(file)
  const isCompressed = buffer[0] === gzipStart[0] && buffer[1] === gzipStart[1]
  const input = isCompressed ? source.pipe(createGunzip()) : source
  source.on('error', (error) => input.destroy(error))
  let rest = ''
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineLength) throw new Error(`${file} has a line that is longer than any event`)
    yield* lines
  }
  if (rest !== '') yield rest
}

/** What the file lacks. */
function faultsOf(account: ExportAccount): string[] {
  const { begin, end, events, lastBlock, faults } = account
  const more: string[] = []
  if (begin && !end) more.push('the file ends early: its last line is missing')
  if (end?.part === 'cut') more.push('the file ends before the trail does, according to its last line')
  if (end?.events !== undefined && end.events !== events)
    more.push(`the file claims ${end.events} events, but has ${events}`)
  if (begin?.lastBlock !== undefined && begin.lastBlock !== (lastBlock ?? 0))
    more.push(`the file claims to go up to block ${begin.lastBlock}, but ends with ${lastBlock ?? 'none'}`)
  return [...faults, ...more]
}

type Options = ReportOptions & {
  keys: readonly TrustedKey[]
  /** From elsewhere. */
  checkpoints: readonly Checkpoint[]
}

/**
 * Verifies a file of CloudEvents: rows against their hashes, blocks against their rows and each other, and the chain
 * against the checkpoints in the file and from elsewhere.
 * @returns whether it is intact
 */
export async function verifyExport(file: string, { keys, checkpoints: kept, ...how }: Options): Promise<boolean> {
  const { print } = how
  const inside = await exportCheckpoints(linesOf(file))
  const { good, faults: untrusted } = trustCheckpoints([...inside, ...kept], keys)
  print(
    `Checkpoints: ${inside.length} in the file, ${kept.length} from your files, ${good.length} with a valid signature.`,
  )
  if (keys.length === 0 && inside.length + kept.length > 0)
    print('Give --public-key. Without it, the checkpoints’ signatures can’t be verified.')
  const account = newAccount()
  const report = openReport(how)
  const summary = await verifyBlocks(file, { account, checkpoints: good }, report)
  // Without given keys, unknown keys aren't the file's fault.
  if (keys.length > 0) for (const fault of untrusted) report.add(fault)
  report.end(summary?.notes ?? [])
  const faults = faultsOf(account)
  for (const fault of faults) print(`damaged: ${fault}`)
  printResult(account, summary, print)
  const count = report.count() + faults.length
  print(count === 0 ? 'The file is intact.' : `The file is not intact: ${count} findings.`)
  return count === 0
}

async function verifyBlocks(
  file: string,
  { account, checkpoints }: { account: ExportAccount; checkpoints: readonly Checkpoint[] },
  report: Report,
): Promise<VerifySummary | null> {
  const parts = exportParts(linesOf(file), account)
  // The first block shows whether the file has the chain from its start.
  const first = await parts.next()
  if (first.done) return null
  async function* all() {
    if (!first.done) yield first.value
    yield* parts
  }
  const isPart = (first.value.blocks[0]?.number ?? 1) > 1
  for await (const event of verifyChain(all(), { checkpoints, isPart })) {
    if (event.kind === 'finding') report.add(event.finding)
    if (event.kind === 'done') return event.summary
  }
  return null
}

function printResult(account: ExportAccount, summary: VerifySummary | null, print: (line: string) => void): void {
  const { rows, repeated, isSelection } = account
  if (repeated > 0) print(`${repeated} events are there twice, which is normal for deliveries.`)
  if (summary?.last)
    print(
      `Verified ${summary.rows} rows in ${summary.blocks} blocks, ${summary.first} to ${summary.last.number} (sealed ${summary.last.sealedAt}).`,
    )
  if ((summary?.first ?? 1) > 1) print(`The file starts with block ${summary?.first}. Earlier blocks aren’t in it.`)
  if (summary?.checkpoint)
    print(
      `${summary.checkpoints} checkpoints agree, the last of ${summary.checkpoint.at} at block ${summary.checkpoint.block}.`,
    )
  else if (summary) print('No checkpoint confirms it: the file’s author could have recomputed the chain.')
  if (isSelection)
    print(
      `Each of ${summary ? 'the other' : `the ${rows}`} rows was verified against its own hash. They are a selection: only the whole trail can prove that nothing was left out, and that the hashes are in the chain.`,
    )
}
