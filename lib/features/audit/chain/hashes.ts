/**
 * The SHA-256 hashes of the trail's chain. `seal_trail` (prisma/migrations) computes the same, so a change needs a new
 * version in the prefixes. A value is encoded as `<octets>:<text>;` in UTF-8, or `-;` for null, so no value can imitate
 * another.
 */
import { hash } from 'node:crypto'
import type { SealedBlock, TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

const canonical = (values: readonly (string | null)[]): string => {
  let text = ''
  for (const value of values) text += value === null ? '-;' : `${Buffer.byteLength(value)}:${value};`
  return text
}

/** @returns hex: the commitment to a row's personal data, which remains after that data is replaced (ADR 26) */
export const personalHash = (row: TrailRow): string =>
  row.personalHash ??
  hash(
    'sha256',
    `spaceport personal 1;${row.salt ?? ''};${canonical([row.actorHandle, row.actorName, row.targetName, row.sourceAddress, row.userAgent, row.detail])}`,
  )

/** @returns hex */
export const rowHash = (row: TrailRow): string =>
  hash(
    'sha256',
    `spaceport row 1;${canonical([
      row.seq,
      row.id,
      row.intentId,
      row.recordedAt,
      row.action,
      row.at,
      row.actorKind,
      row.actorId,
      row.targetKind,
      row.targetId,
      row.spaceId,
      row.namespace,
      row.observer,
      row.destination,
      row.outcome,
      row.reason,
      row.requestId,
      row.clusterAuditId,
      row.route,
    ])}${personalHash(row)}`,
  )

/** @returns hex: the hash of the block's own fields, and of each row's seq (8 octets, big-endian) and hash */
export function blockHash(block: SealedBlock): string {
  const head = Buffer.from(
    `spaceport block 1;${canonical([`${block.number}`, `${block.month}`, block.previous, block.sealedAt, `${block.rows}`])}`,
  )
  const linked = Buffer.alloc(head.length + block.seqs.length * 40)
  head.copy(linked)
  const hashes = Buffer.from(block.rowHashes, 'hex')
  block.seqs.forEach((seq, i) => {
    linked.writeBigInt64BE(BigInt(seq), head.length + i * 40)
    hashes.copy(linked, head.length + i * 40 + 8, i * 32, (i + 1) * 32)
  })
  return hash('sha256', linked)
}

/**
 * @param personal the row's personal hash, in hex
 * @returns hex: the hash of the pseudonymised content, bound to the commitment to the original
 */
export const replacementHash = (row: TrailRow, personal: string): string =>
  hash(
    'sha256',
    `spaceport replaced 1;${personal};${canonical([row.actorHandle, row.actorName, row.targetName, row.sourceAddress, row.userAgent, row.detail])}`,
  )
