import type { TrailRow } from '#lib/domain/sealed-trail.ts'

export type FindingKind =
  | 'edited'
  | 'dropped'
  | 'inserted'
  | 'reordered'
  | 'cut off'
  | 'forged time'
  | 'broken link'
  | 'checkpoint contradicted'
  | 'pseudonymised without record'

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
