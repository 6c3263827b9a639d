import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

/** Worst first, which is the order in which findings are shown. */
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

/** What the verifier says of a row: enough to find it. Of one that is gone, only its seq is left. */
export type RowNamed = { seq: string } & Partial<Pick<TrailRow, 'id' | 'action' | 'recordedAt'>>

export type Finding = {
  kind: FindingKind
  /** What is wrong, in words. */
  text: string
  row: RowNamed | null
  /** The number of the block in which it was found. */
  block: number | null
  /** The blocks of the last checkpoint before it that held, and of the next that there is. */
  after: number | null
  before: number | null
}

/** Reports a finding. */
export type Say = (kind: FindingKind, text: string, row: RowNamed | null, block: number | null) => void

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

/**
 * What a verification shows that is no finding: any login that writes to the trail can cause it, or the data doesn't have
 * what would decide it.
 */
export const noteTexts = {
  late: 'were sealed late: more than five minutes after they say that they were recorded, or 90 seconds after rows that came later',
  'time corrected':
    'have a corrected time: what their process, or an open transaction, would have said is in the detail (claimedAt, insertedAt)',
  'reported late': 'are what a cluster reported more than a day after it says that it happened',
  'not checked':
    'have pseudonyms for which the records that allow them are not in what was read, or not sealed yet: give the whole trail, with --archive',
  'archive not checked':
    'are in archived months whose record is in an archive that was not read: give --archive for all of them',
} as const
export type NoteKind = keyof typeof noteTexts
