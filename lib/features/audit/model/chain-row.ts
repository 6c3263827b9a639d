import type { SealedBlock, TrailRow } from './sealed-trail.ts'

export type ChainRow = TrailRow & { block: number; index: number; rowHash: string }

export type BlockHead = Omit<SealedBlock, 'seqs' | 'rowHashes'>

/** A checkpoint as stored in the database. */
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
