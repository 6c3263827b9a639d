import {
  archiveAction,
  noHash,
  type SealedBlock,
  type TrailPart,
  type TrailRow,
} from '#lib/features/audit/model/sealed-trail.ts'
import { type TrailMonth, trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { followArchives } from './archives.ts'
import { followRows } from './block-rows.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type Finding, type NoteKind, nameRow, type ReportFinding } from './finding.ts'
import { blockHash } from './hashes.ts'
import { followLinks } from './links.ts'
import { followPseudonyms } from './pseudonyms.ts'
import { collectRanges, type Ranges } from './ranges.ts'
import type { Clock } from './row-times.ts'

/**
 * Rows of a file that no block of it has claimed yet. In the database, each row comes with its block
 * (read-trail-parts.ts).
 */
const maxUnclaimed = 50_000
/** At the end of a part of the trail, newer rows may be in the next block. */
const openAtEndMs = 5 * 60_000

export type VerifyOptions = {
  /** The link before the first block, if known from elsewhere. Otherwise a checkpoint may have it. */
  start?: { number: number; hash: string }
  /** With verified signatures, in any order, from the database or stored elsewhere. */
  checkpoints?: readonly Checkpoint[]
  /** For a part: rows with `recordActions` by seq, including unverified ones from outside the part. */
  outside?: AsyncIterable<TrailRow>
  /** Months that the source should have but doesn’t, if it knows. */
  missingMonths?: readonly TrailMonth[]
  /** Whether the source may start after the chain's first block. */
  isPart?: boolean
}

/** Rows worth a look, although nothing is wrong with the chain. */
export type Note = { kind: NoteKind; seqs: Ranges }

export type VerifySummary = {
  blocks: number
  rows: number
  archivedBlocks: number
  first: number | null
  last: { number: number; hash: string; sealedAt: string } | null
  /** Rows in which a person was replaced by a pseudonym. */
  pseudonymised: number
  waiting: number
  /** The last checkpoint that the chain agrees with. */
  checkpoint: Checkpoint | null
  checkpoints: number
  findings: number
  notes: Note[]
  /** The SHA-256 (hex) of archived months' files, as recorded in sealed rows. */
  archives: ReadonlyMap<TrailMonth, readonly string[]>
}
export type VerifyEvent =
  | { kind: 'finding'; finding: Finding }
  | { kind: 'progress'; block: number; rows: number; at: string }
  | { kind: 'done'; summary: VerifySummary }

/**
 * Verifies a trail against its chain, and the chain against checkpoints. Keeps only a part of the trail, unclaimed rows
 * and replaced rows in memory.
 * @param parts the trail, from the database, an archive or an export
 * @returns findings as they are found, progress after each part, and a summary at the end
 */
export async function* verifyChain(
  parts: AsyncIterable<TrailPart>,
  options: VerifyOptions = {},
): AsyncGenerator<VerifyEvent> {
  const verification = beginVerification(options)
  for await (const row of options.outside ?? []) verification.takeOutside(row)
  for await (const part of parts) {
    verification.take(part)
    for (const finding of verification.found()) yield { kind: 'finding', finding }
    const { last, rows } = verification.summary
    if (last) yield { kind: 'progress', block: last.number, rows, at: last.sealedAt }
  }
  verification.end()
  for (const finding of verification.found()) yield { kind: 'finding', finding }
  yield { kind: 'done', summary: verification.summary }
}

function beginVerification({ start, checkpoints = [], missingMonths = [], isPart = false }: VerifyOptions) {
  const ordered = [...checkpoints].sort((a, b) => a.block - b.block)
  const summary = emptySummary()
  const clock: Clock = { recorded: 0, sealed: 0 }
  const findings = collectFindings(ordered, summary, () => links.agreed().checkpoint)
  const { report, reportMissing, note } = findings
  const pseudonyms = followPseudonyms()
  const archives = followArchives()
  const links = followLinks({
    start: start ?? (isPart ? undefined : { number: 0, hash: noHash }),
    rows: start || isPart ? undefined : 0,
    checkpoints: ordered,
    report,
    reportMissing,
  })
  const rows = followRows({ clock, counts: summary, pseudonyms, noteRecord, report, note })
  let waiting: number | undefined

  /** @param sealedAt when the row’s block was sealed; null: it isn’t sealed or verified */
  function noteRecord(row: TrailRow, sealedAt: string | null): void {
    if (row.action === archiveAction) archives.noteRecord(row)
    else pseudonyms.noteRecord(row, sealedAt === null ? null : Date.parse(sealedAt))
  }

  function verifyBlock(block: SealedBlock): void {
    summary.first ??= block.number
    links.follow(block)
    checkHeader(block, clock, report)
    rows.verify(block)
    const sealed = Date.parse(block.sealedAt)
    if (!Number.isNaN(sealed)) clock.sealed = Math.max(clock.sealed, sealed)
    summary.blocks++
    summary.last = { number: block.number, hash: block.hash, sealedAt: block.sealedAt }
    links.append(block)
  }

  function reportUnclaimed(recordedBefore: number): void {
    for (const row of rows.takeUnclaimed()) if (Date.parse(row.recordedAt) < recordedBefore) reportStray(row, report)
  }

  function reportMissingMonths(): void {
    for (const [month, its] of rows.months())
      if (its.gone === its.rows)
        reportMissing(month, `all of the ${its.rows} rows of blocks ${its.first} to ${its.last} are missing`, its.first)
    for (const month of missingMonths)
      reportMissing(month, 'the database has no partition for it, and no record that it was archived', null)
  }

  return {
    summary,
    found: findings.take,
    take(part: TrailPart): void {
      for (const row of part.rows) rows.add(row)
      if (part.archived) {
        links.passArchived(part.archived)
        archives.noteRuns(part.archived)
        summary.archivedBlocks += part.archived.last - part.archived.first + 1
      }
      for (const block of part.blocks) verifyBlock(block)
      for (const row of part.strays ?? []) reportStray(row, report)
      for (const seq of part.gone ?? []) report('dropped', 'the row was removed before it was sealed', { seq }, null)
      for (const row of part.waitingRecords ?? []) noteRecord(row, null)
      waiting = part.waiting ?? waiting
      if (rows.unclaimed() > maxUnclaimed) reportUnclaimed(Number.POSITIVE_INFINITY)
    },
    takeOutside: (row: TrailRow): void => noteRecord(row, null),
    end(): void {
      reportUnclaimed(waiting === undefined ? clock.sealed - openAtEndMs : Number.POSITIVE_INFINITY)
      links.end(waiting !== undefined)
      reportMissingMonths()
      archives.end(reportMissing, note)
      pseudonyms.end(!isPart && start === undefined && summary.archivedBlocks === 0, report, note)
      summary.waiting = waiting ?? 0
      Object.assign(summary, links.agreed())
      summary.archives = new Map(
        [...archives.records()].map(([month, records]) => [month, records.map(({ sha256 }) => sha256)]),
      )
    },
  }
}

const emptySummary = (): VerifySummary => ({
  blocks: 0,
  rows: 0,
  archivedBlocks: 0,
  first: null,
  last: null,
  pseudonymised: 0,
  waiting: 0,
  checkpoint: null,
  checkpoints: 0,
  findings: 0,
  notes: [],
  archives: new Map(),
})

/**
 * Collects findings until they are taken, and notes in the summary.
 * @param checkpoints ordered by block
 * @param agreed the last checkpoint that the chain agrees with so far
 */
function collectFindings(
  checkpoints: readonly Checkpoint[],
  summary: Pick<VerifySummary, 'findings' | 'notes'>,
  agreed: () => Checkpoint | null,
) {
  const missing = new Set<TrailMonth>()
  let found: Finding[] = []

  function report(...[kind, text, row, block]: Parameters<ReportFinding>): void {
    const before = checkpoints.find((checkpoint) => block !== null && checkpoint.block >= block)?.block ?? null
    found.push({ kind, text, row, block, after: agreed()?.block ?? null, before })
    summary.findings++
  }

  return {
    report,
    /** Reports each month once. */
    reportMissing(month: TrailMonth, why: string, block: number | null): void {
      if (missing.has(month)) return
      missing.add(month)
      report('month missing', `${trailMonthName(month)} is missing: ${why}`, null, block)
    },
    note(kind: NoteKind, seq: string): void {
      const one = summary.notes.find((other) => other.kind === kind) ?? { kind, seqs: collectRanges() }
      if (one.seqs.count() === 0) summary.notes.push(one)
      one.seqs.add(BigInt(seq))
    },
    /** @returns the findings since the last call */
    take(): Finding[] {
      const these = found
      found = []
      return these
    },
  }
}

/** Checks a block’s own fields, without its rows. */
function checkHeader(block: SealedBlock, clock: Clock, report: ReportFinding): void {
  if (blockHash(block) !== block.hash)
    report('broken link', 'the block was changed: its hash doesn’t match its content', null, block.number)
  const sealed = Date.parse(block.sealedAt)
  if (Number.isNaN(sealed) || sealed < clock.sealed - openAtEndMs)
    report(
      'forged time',
      `the block’s time is ${block.sealedAt}, before that of the previous block`,
      null,
      block.number,
    )
  if (block.seqs.length !== block.rows || block.rowHashes.length !== 64 * block.rows)
    report('broken link', `the block claims ${block.rows} rows, but lists ${block.seqs.length}`, null, block.number)
}

/** A row without a block: added past the trigger, or kept from being sealed. */
function reportStray(row: TrailRow, report: ReportFinding): void {
  report(
    'inserted',
    'the row is in no block, and does not wait for one: it was added outside the chain',
    nameRow(row),
    null,
  )
}
