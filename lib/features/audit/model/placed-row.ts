import type { SealedBlock, TrailRow } from './sealed-trail.ts'

/** A row of the trail with its place in the chain. */
export type PlacedRow = TrailRow & { block: number; index: number; rowHash: string }

/** A block of the chain without its rows. */
export type BlockHead = Omit<SealedBlock, 'seqs' | 'rowHashes'>

/** A checkpoint as the database keeps it. */
export type CheckpointRow = {
  block: number
  hash: string
  rows: string
  madeAt: string
  keyId: string
  statement: string
  /** In base64. */
  signature: string
}
