import {
  archiveAction,
  noHash,
  recordActions,
  type SealedBlock,
  type TrailPart,
  type TrailRow,
} from '#lib/features/audit/model/sealed-trail.ts'
import { type TrailMonth, trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'
import { followArchives } from './archives.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type Finding, type NoteKind, nameRow, type ReportFinding } from './finding.ts'
import { blockHash, personalHash, rowHash } from './hashes.ts'
import { followLinks } from './links.ts'
import { followPseudonyms } from './pseudonyms.ts'
import { collectRanges, type Ranges } from './ranges.ts'
import { faultOfTimes, isCorrected, isLate, isReportedLate } from './row-times.ts'

/**
 * Rows of a file that no block of it has claimed yet. In the database, each row comes with its block
 * (read-trail-parts.ts).
 */
const maxUnclaimed = 50_000
/** Of a block with mismatched rows, this many are compared with each other’s places. */
const maxSwapped = 200
/** At the end of a part of the trail, newer rows may be in the next block. */
const openAtEndMs = 5 * 60_000

const isRecord = new Set(recordActions)

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

/** Which of a month’s rows are there. */
type MonthRows = { rows: number; gone: number; first: number; last: number }

function beginVerification({ start, checkpoints = [], missingMonths = [], isPart = false }: VerifyOptions) {
  const ordered = [...checkpoints].sort((a, b) => a.block - b.block)
  const summary: VerifySummary = {
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
  }
  const unclaimed = new Map<string, TrailRow>()
  const clock = { recorded: 0, sealed: 0 }
  const months = new Map<TrailMonth, MonthRows>()
  const pseudonyms = followPseudonyms()
  const archives = followArchives()
  const links = followLinks({
    start: start ?? (isPart ? undefined : { number: 0, hash: noHash }),
    rows: start || isPart ? undefined : 0,
    checkpoints: ordered,
    report,
    reportMissing,
  })
  const missing = new Set<TrailMonth>()
  let highest = 0n
  let found: Finding[] = []
  let waiting: number | undefined

  function report(...[kind, text, row, block]: Parameters<ReportFinding>): void {
    const before = ordered.find((checkpoint) => block !== null && checkpoint.block >= block)?.block ?? null
    found.push({ kind, text, row, block, after: links.agreed().checkpoint?.block ?? null, before })
    summary.findings++
  }

  function reportMissing(month: TrailMonth, why: string, block: number | null): void {
    if (missing.has(month)) return
    missing.add(month)
    report('month missing', `${trailMonthName(month)} is missing: ${why}`, null, block)
  }

  function note(kind: NoteKind, seq: string): void {
    const one = summary.notes.find((other) => other.kind === kind) ?? { kind, seqs: collectRanges() }
    if (one.seqs.count() === 0) summary.notes.push(one)
    one.seqs.add(BigInt(seq))
  }

  /** @param sealedAt when the row’s block was sealed; null: it isn’t sealed or verified */
  function noteRecord(row: TrailRow, sealedAt: string | null): void {
    if (row.action === archiveAction) archives.noteRecord(row)
    else pseudonyms.noteRecord(row, sealedAt === null ? null : Date.parse(sealedAt))
  }

  function verifyBlock(block: SealedBlock): void {
    summary.first ??= block.number
    links.follow(block)
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
    verifyRows(block)
    if (!Number.isNaN(sealed)) clock.sealed = Math.max(clock.sealed, sealed)
    summary.blocks++
    summary.last = { number: block.number, hash: block.hash, sealedAt: block.sealedAt }
    links.append(block)
  }

  function verifyRows(block: SealedBlock): void {
    const wrong: { row: TrailRow; hash: string }[] = []
    const gone: { seq: string; hash: string }[] = []
    let before = -(2n ** 63n)
    const highestBefore = highest
    for (const [i, seq] of block.seqs.entries()) {
      const place = BigInt(seq)
      if (place <= before) report('reordered', 'the block’s rows are not ordered by seq', { seq }, block.number)
      before = place
      const row = unclaimed.get(seq)
      const hash = block.rowHashes.slice(i * 64, (i + 1) * 64)
      summary.rows++
      if (!row) gone.push({ seq, hash })
      else {
        unclaimed.delete(seq)
        if (rowHash(row) !== hash) wrong.push({ row, hash })
        else checkContent(row, block, place < highestBefore)
        if (place > highest) highest = place
      }
    }
    for (const { seq, hash } of gone) {
      const when = hash === noHash ? 'before it was sealed' : 'since it was sealed'
      report('dropped', `the row was removed ${when} at ${block.sealedAt}, or is sealed twice`, { seq }, block.number)
    }
    for (const { row, hash } of wrong) nameWrong(row, hash, wrong, block)
    countMonth(block, gone.length)
  }

  function countMonth({ month, number, seqs }: SealedBlock, gone: number): void {
    const its = months.get(month) ?? { rows: 0, gone: 0, first: number, last: number }
    months.set(month, { ...its, rows: its.rows + seqs.length, gone: its.gone + gone, last: number })
  }

  /** A row with a valid hash may still have impossible content. */
  function checkContent(row: TrailRow, block: SealedBlock, late: boolean): void {
    const fault = faultOfTimes(row, block.sealedAt, late, clock)
    if (fault) report('forged time', fault, nameRow(row), block.number)
    else {
      if (isLate(row, block.sealedAt, late, clock)) note('late', row.seq)
      if (block.month > 0) clock.recorded = Math.max(clock.recorded, Date.parse(row.recordedAt))
    }
    if (isCorrected(row)) note('time corrected', row.seq)
    if (isReportedLate(row)) note('reported late', row.seq)
    if (isRecord.has(row.action)) noteRecord(row, block.sealedAt)
    if (row.personalHash === null) pseudonyms.noteName(row)
    else {
      summary.pseudonymised++
      pseudonyms.noteReplaced(row, personalHash(row), block.number)
    }
  }

  function nameWrong(
    row: TrailRow,
    hash: string,
    wrong: readonly { row: TrailRow; hash: string }[],
    block: SealedBlock,
  ): void {
    const others = wrong.length > maxSwapped ? [] : wrong
    const moved = others.find((other) => other.row !== row && rowHash({ ...row, seq: other.row.seq }) === other.hash)
    if (moved)
      report(
        'reordered',
        `the row was sealed as seq ${moved.row.seq}, and is in another’s place`,
        nameRow(row),
        block.number,
      )
    else
      report(
        'edited',
        hash === noHash
          ? 'the row was added after its place was sealed as empty'
          : 'the row doesn’t match what was sealed: at least one column differs',
        nameRow(row),
        block.number,
      )
  }

  /** A row without a block: added past the trigger, or kept from being sealed. */
  function nameStray(row: TrailRow): void {
    report(
      'inserted',
      'the row is in no block, and does not wait for one: it was added outside the chain',
      nameRow(row),
      null,
    )
  }

  function nameUnclaimed(recordedBefore: number): void {
    for (const row of unclaimed.values()) if (Date.parse(row.recordedAt) < recordedBefore) nameStray(row)
    unclaimed.clear()
  }

  function nameMissingMonths(): void {
    for (const [month, { rows, gone, first, last }] of months)
      if (gone === rows)
        reportMissing(month, `all of the ${rows} rows of blocks ${first} to ${last} are missing`, first)
    for (const month of missingMonths)
      reportMissing(month, 'the database has no partition for it, and no record that it was archived', null)
  }

  return {
    summary,
    /** @returns the findings since the last call */
    found(): Finding[] {
      const these = found
      found = []
      return these
    },
    take(part: TrailPart): void {
      for (const row of part.rows) unclaimed.set(row.seq, row)
      if (part.archived) {
        links.passArchived(part.archived)
        archives.noteRuns(part.archived)
        summary.archivedBlocks += part.archived.last - part.archived.first + 1
      }
      for (const block of part.blocks) verifyBlock(block)
      for (const row of part.strays ?? []) nameStray(row)
      for (const seq of part.gone ?? []) report('dropped', 'the row was removed before it was sealed', { seq }, null)
      for (const row of part.waitingRecords ?? []) noteRecord(row, null)
      waiting = part.waiting ?? waiting
      if (unclaimed.size > maxUnclaimed) nameUnclaimed(Number.POSITIVE_INFINITY)
    },
    takeOutside: (row: TrailRow): void => noteRecord(row, null),
    end(): void {
      nameUnclaimed(waiting === undefined ? clock.sealed - openAtEndMs : Number.POSITIVE_INFINITY)
      links.end(waiting !== undefined)
      nameMissingMonths()
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
