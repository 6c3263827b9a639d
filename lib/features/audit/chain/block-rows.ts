/** The rows of blocks. Must never accept a row that differs from what its block sealed, or has an impossible time. */
import { noHash, recordActions, type SealedBlock, type TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'
import { type NoteKind, nameRow, type ReportFinding } from './finding.ts'
import { personalHash, rowHash } from './hashes.ts'
import type { followPseudonyms } from './pseudonyms.ts'
import { type Clock, faultOfTimes, isCorrected, isLate, isReportedLate } from './row-times.ts'

/** Of a block with mismatched rows, this many are compared with each other’s places. */
const maxSwapped = 200

const isRecord = new Set(recordActions)

type Options = {
  /** `followRows` sets the latest recorded_at. */
  clock: Clock
  /** `followRows` increases them. */
  counts: { rows: number; pseudonymised: number }
  pseudonyms: Pick<ReturnType<typeof followPseudonyms>, 'noteName' | 'noteReplaced'>
  /** Receives verified rows with `recordActions`. */
  noteRecord: (row: TrailRow, sealedAt: string) => void
  report: ReportFinding
  note: (kind: NoteKind, seq: string) => void
}

/** A row, and the different hash that its block has for it. */
type Mismatch = { row: TrailRow; hash: string }
/** The place of a row that isn’t there. */
type Gap = { seq: string; hash: string }
/** Which of a month’s rows are there. */
type MonthRows = { rows: number; gone: number; first: number; last: number }

export function followRows({ clock, counts, pseudonyms, noteRecord, report, note }: Options) {
  const unclaimed = new Map<string, TrailRow>()
  const months = new Map<TrailMonth, MonthRows>()
  let highest = 0n

  function verify(block: SealedBlock): void {
    const wrong: Mismatch[] = []
    const gone: Gap[] = []
    let before = -(2n ** 63n)
    const highestBefore = highest
    for (const [i, seq] of block.seqs.entries()) {
      const place = BigInt(seq)
      if (place <= before) report('reordered', 'the block’s rows are not ordered by seq', { seq }, block.number)
      before = place
      const row = unclaimed.get(seq)
      const hash = block.rowHashes.slice(i * 64, (i + 1) * 64)
      counts.rows++
      if (!row) gone.push({ seq, hash })
      else {
        unclaimed.delete(seq)
        if (rowHash(row) !== hash) wrong.push({ row, hash })
        else checkContent(row, block, place < highestBefore)
        if (place > highest) highest = place
      }
    }
    for (const gap of gone) reportGap(gap, block, report)
    for (const mismatch of wrong) reportMismatch(mismatch, wrong, block, report)
    countMonth(block, gone.length)
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
      counts.pseudonymised++
      pseudonyms.noteReplaced(row, personalHash(row), block.number)
    }
  }

  function countMonth({ month, number, seqs }: SealedBlock, gone: number): void {
    const its = months.get(month) ?? { rows: 0, gone: 0, first: number, last: number }
    months.set(month, { ...its, rows: its.rows + seqs.length, gone: its.gone + gone, last: number })
  }

  return {
    /** Adds a row that a later block may claim. */
    add: (row: TrailRow): void => void unclaimed.set(row.seq, row),
    /** Claims and verifies the rows of a block. */
    verify,
    unclaimed: () => unclaimed.size,
    /** Removes the rows that no block has claimed. */
    takeUnclaimed(): TrailRow[] {
      const rows = [...unclaimed.values()]
      unclaimed.clear()
      return rows
    },
    /** The months of verified blocks. */
    months: (): ReadonlyMap<TrailMonth, MonthRows> => months,
  }
}

function reportGap({ seq, hash }: Gap, block: SealedBlock, report: ReportFinding): void {
  const when = hash === noHash ? 'before it was sealed' : 'since it was sealed'
  report('dropped', `the row was removed ${when} at ${block.sealedAt}, or is sealed twice`, { seq }, block.number)
}

/** @param wrong all mismatches of the block, which may be rows in each other’s places */
function reportMismatch(
  { row, hash }: Mismatch,
  wrong: readonly Mismatch[],
  block: SealedBlock,
  report: ReportFinding,
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
