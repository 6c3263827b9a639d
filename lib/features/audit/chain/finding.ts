import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

/** Worst first. Findings are shown in this order. */
export const findingKinds = [
  'checkpoint contradicted',
  'month missing',
  'cut off',
  'broken link',
  'edited',
  'dropped',
  'inserted',
  'reordered',
  'forged pseudonym',
  'pseudonymised without record',
  'forged time',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** Enough to find the row. If it is gone, only its seq is known. */
export type RowNamed = { seq: string } & Partial<Pick<TrailRow, 'id' | 'action' | 'recordedAt'>>

export type Finding = {
  kind: FindingKind
  /** The problem, in words. */
  text: string
  row: RowNamed | null
  /** The number of the block with the problem. */
  block: number | null
  /** The blocks of the nearest valid checkpoints before and after it. */
  after: number | null
  before: number | null
}

export type ReportFinding = (kind: FindingKind, text: string, row: RowNamed | null, block: number | null) => void

/** @returns the finding in a sentence or two, e.g. for a terminal */
export function describeFinding({ kind, text, row, block, after, before }: Finding): string {
  const named = row
    ? `seq ${row.seq}${row.id === undefined ? '' : `, id ${row.id}, ${row.action}, recorded ${row.recordedAt}`}`
    : 'no single row'
  const place = block === null ? '' : `; block ${block}`
  const between = `${after === null ? 'no good checkpoint before it' : `the last good checkpoint before it is at block ${after}`}, ${before === null ? 'none after it' : `the next is at block ${before}`}`
  return `${kind}: ${text} (${named}${place}; ${between})`
}

export const nameRow = ({ seq, id, action, recordedAt }: TrailRow): RowNamed => ({ seq, id, action, recordedAt })

/** Notes aren't findings: any login that writes to the trail can cause them, or the data is not enough to decide. */
export const noteTexts = {
  late: 'were sealed late: more than five minutes after their recorded time, or 90 seconds after newer rows',
  'time corrected':
    'have a corrected time: the detail has the one that their process (claimedAt) or an open transaction (insertedAt) gave',
  'reported late': 'were reported by a cluster more than a day after they happened',
  'not checked':
    'have pseudonyms for which the records are missing here, or not sealed yet: give the whole trail, with --archive',
  'archive not checked':
    'are in archived months with a record in an archive that was not read: give --archive for all of them',
} as const
export type NoteKind = keyof typeof noteTexts
