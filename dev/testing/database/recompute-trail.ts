/**
 * Recomputes an export of the whole trail. Written only from docs/trail-export.md, independently of Spaceport’s other
 * code: that page must have everything that an auditor needs who doesn't trust the code.
 */
import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'

type Text = string | null
type Row = {
  id: string
  recordedat: string
  route?: string
  chainseq: string
  chainhash: string
  chainsalt?: string
  chainpersonal?: string
  data: {
    what: { action: string; intentId: Text }
    when: string
    who: { kind: string; id: Text; handle: Text; name: Text }
    onWhat: { kind: string; id: Text; name: Text; spaceId: Text; namespace: Text }
    whereObserved: string
    fromWhere: { address: Text; userAgent: Text }
    whereGoing: string
    howItEnded: { outcome: Text; reason: Text }
    detailText?: string
    requestId: Text
    clusterAuditId: Text
  }
}
type Block = { number: number; month: number; previous: string; hash: string; sealedAt: string; rows: number }
type Checkpoint = { statement: string; signature: string }

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Each as `<octets>:<text>;` in UTF-8, or `-;` for none. */
const values = (list: readonly (string | null | undefined)[]): string =>
  list.map((one) => (one == null ? '-;' : `${Buffer.byteLength(one)}:${one};`)).join('')

function personalHash({ chainpersonal, chainsalt, data }: Row): string {
  if (chainpersonal !== undefined) return chainpersonal
  const { who, onWhat, fromWhere, detailText = '{}' } = data
  const personal = [who.handle, who.name, onWhat.name, fromWhere.address, fromWhere.userAgent, detailText]
  return sha256(`spaceport personal 1;${chainsalt ?? ''};${values(personal)}`).toString('hex')
}

function rowHash(row: Row): Buffer {
  const { what, when, who, onWhat, whereObserved, whereGoing, howItEnded, requestId, clusterAuditId } = row.data
  const columns = [
    ...[row.chainseq, row.id, what.intentId, row.recordedat, what.action, when, who.kind, who.id],
    ...[onWhat.kind, onWhat.id, onWhat.spaceId, onWhat.namespace, whereObserved, whereGoing],
    ...[howItEnded.outcome, howItEnded.reason, requestId, clusterAuditId, row.route],
  ]
  return sha256(`spaceport row 1;${values(columns)}${personalHash(row)}`)
}

function blockHash({ number, month, previous, sealedAt, rows }: Block, its: readonly Row[]): string {
  const linked = its.flatMap((row) => {
    const seq = Buffer.alloc(8)
    seq.writeBigInt64BE(BigInt(row.chainseq))
    return [seq, rowHash(row)]
  })
  const head = values([`${number}`, `${month}`, previous, sealedAt, `${rows}`])
  return sha256(`spaceport block 1;${head}`, ...linked).toString('hex')
}

/**
 * @param lines of an export of the whole trail
 * @param keys the public keys, as JWKs
 * @returns the mismatches, in words: empty if every row, block, link and checkpoint is correct
 */
export function recomputeTrail(lines: readonly string[], keys: readonly JsonWebKey[]): string[] {
  const wrong: string[] = []
  const hashes = new Map<string, string>()
  const checkpoints: Checkpoint[] = []
  let previous = '0'.repeat(64)
  let block: Block | undefined
  let rows: Row[] = []
  const endBlock = () => {
    if (!block) return
    if (block.previous !== previous) wrong.push(`block ${block.number} doesn’t follow the one before`)
    if (block.rows !== rows.length) wrong.push(`block ${block.number} has ${rows.length} rows, and says ${block.rows}`)
    if (blockHash(block, rows) !== block.hash) wrong.push(`block ${block.number} has another hash`)
    hashes.set(`${block.number}`, block.hash)
    previous = block.hash
    rows = []
  }
  for (const line of lines) {
    const event = JSON.parse(line)
    if (event.type === 'dev.spaceport.trail.checkpoint') checkpoints.push(event.data)
    else if (event.type === 'dev.spaceport.trail.block') {
      endBlock()
      block = event.data
    } else if (event.type.startsWith('dev.spaceport.audit.')) {
      rows.push(event)
      if (rowHash(event).toString('hex') !== event.chainhash) wrong.push(`row ${event.id} has another hash`)
    }
  }
  endBlock()
  for (const { statement, signature } of checkpoints) {
    const [, number = '', hash] = /^block: (\d+)\n(?:.*\n)*hash: ([0-9a-f]{64})$/m.exec(statement) ?? []
    const isSigned = keys.some((key) =>
      verify(null, Buffer.from(statement), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64')),
    )
    if (!isSigned || hashes.get(number) !== hash) wrong.push(`the checkpoint of block ${number} says otherwise`)
  }
  return wrong
}
