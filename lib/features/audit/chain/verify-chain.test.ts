import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { noHash, type SealedBlock, type TrailPart, type TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import { isSignedBy, parseStatement, readCheckpointKey, readCheckpoints, signCheckpoint } from './checkpoint.ts'
import { blockHash, rowHash } from './hashes.ts'
import { type VerifyOptions, verifyChain } from './verify-chain.ts'

const time = '2026-11-26T10:00:00.000000Z'
const row = (n: number, more: Partial<TrailRow> = {}): TrailRow => ({
  seq: `20261100000000000${n}`,
  id: `id-${n}`,
  intentId: null,
  recordedAt: time,
  action: 'space.create',
  at: time,
  actorKind: 'system',
  actorId: null,
  targetKind: 'portal',
  targetId: null,
  spaceId: null,
  namespace: null,
  observer: 'worker/test',
  destination: 'portal',
  outcome: 'ok',
  reason: null,
  requestId: null,
  clusterAuditId: null,
  route: null,
  actorHandle: null,
  actorName: 'Zoë',
  targetName: null,
  sourceAddress: null,
  userAgent: null,
  detail: '{}',
  salt: 'salt',
  personalHash: null,
  ...more,
})

function seal(number: number, previous: string, rows: readonly TrailRow[]): SealedBlock {
  const block: SealedBlock = {
    number,
    month: 202611,
    previous,
    hash: '',
    sealedAt: time,
    rows: rows.length,
    seqs: rows.map(({ seq }) => seq),
    rowHashes: rows.map(rowHash).join(''),
  }
  return { ...block, hash: blockHash(block) }
}

async function verify(parts: readonly TrailPart[], options?: VerifyOptions) {
  const source = async function* () {
    yield* parts
  }
  const kinds: string[] = []
  for await (const event of verifyChain(source(), options)) {
    if (event.kind === 'finding') kinds.push(event.finding.kind)
    if (event.kind === 'done') return { kinds, summary: event.summary }
  }
  throw new Error('it ended early')
}

const rows = [1, 2, 3].map((n) => row(n))
const first = seal(1, noHash, rows.slice(0, 2))
const second = seal(2, first.hash, rows.slice(2))
const end = 0

test('moving a value to another column changes the hash', () => {
  expect(rowHash(row(1, { reason: 'a', requestId: null }))).not.toBe(rowHash(row(1, { reason: null, requestId: 'a' })))
  expect(rowHash(row(1, { namespace: 'a;1:b' }))).not.toBe(rowHash(row(1, { namespace: 'a', observer: 'b;' })))
  expect(rowHash(row(1, { reason: '' }))).not.toBe(rowHash(row(1, { reason: null })))
  expect(rowHash(row(1, { actorName: 'Zoe' }))).not.toBe(rowHash(row(1)))
})

test('a source of any kind is verified: rows may come before their block, and blocks may be archived', async () => {
  expect(
    await verify([
      { blocks: [], rows },
      { blocks: [first, second], rows: [], waiting: end },
    ]),
  ).toMatchObject({
    kinds: [],
    summary: { blocks: 2, rows: 3 },
  })
  const archived = { first: 1, last: 1, previous: noHash, hash: first.hash, rows: 2 }
  const rest = { archived, blocks: [second], rows: rows.slice(2), waiting: end }
  expect(await verify([rest])).toMatchObject({ kinds: [], summary: { blocks: 1, archivedBlocks: 1 } })
  expect((await verify([{ ...rest, archived: { ...archived, hash: noHash } }])).kinds).toEqual(['broken link'])
})

test('a part that starts later is linked to the checkpoint before it', async () => {
  const key = generateKeyPairSync('ed25519').privateKey
  const claim = { origin: 'https://spaceport.test', block: 1, rows: 2, hash: first.hash, at: time }
  const part = [{ blocks: [second], rows: rows.slice(2) }]
  expect(await verify(part, { isPart: true, checkpoints: [signCheckpoint(claim, key)] })).toMatchObject({
    kinds: [],
    summary: { checkpoints: 1 },
  })
  const other = signCheckpoint({ ...claim, hash: noHash }, key)
  expect((await verify(part, { isPart: true, checkpoints: [other] })).kinds).toEqual(['checkpoint contradicted'])
  expect((await verify(part)).kinds).toEqual(['cut off'])
})

test('a checkpoint is valid only for exactly what was signed', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const key = readCheckpointKey(Buffer.from(pem).toString('base64'))
  const claim = { origin: 'https://spaceport.test', block: 7, rows: 70, hash: first.hash, at: time }
  const checkpoint = signCheckpoint(claim, key)
  expect(parseStatement(checkpoint.statement)).toMatchObject(claim)
  expect(isSignedBy(checkpoint, publicKey)).toBe(true)
  expect(
    isSignedBy({ ...checkpoint, statement: checkpoint.statement.replace('rows: 70', 'rows: 71') }, publicKey),
  ).toBe(false)
  expect(isSignedBy({ ...checkpoint, signature: 'AAAA' }, publicKey)).toBe(false)
  const { statement, signature } = checkpoint
  const log = `starting\n${JSON.stringify({ level: 30, checkpoint: { statement, signature } })}\n${JSON.stringify({ statement, signature })}\n`
  expect(readCheckpoints(log)).toEqual([checkpoint, checkpoint])
  expect(parseStatement(`${statement}more\n`)).toBeNull()
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  expect(() => readCheckpointKey(rsa.toString())).toThrow('not an Ed25519 key')
})
