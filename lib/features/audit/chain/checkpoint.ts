/**
 * Checkpoints: statements about the chain, signed by the worker with Ed25519 (RFC 8032), which allow verification from
 * outside.
 */
import { createPrivateKey, createPublicKey, hash, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'

export type CheckpointClaim = {
  /** The portal's URL. A checkpoint is valid only for its own installation. */
  origin: string
  block: number
  /** The number of rows in the chain up to and including the block. */
  rows: number
  /** The block's hash, in hex. */
  hash: string
  /** ISO 8601, UTC */
  at: string
  keyId: string
}
export type Checkpoint = CheckpointClaim & { statement: string /** base64 */; signature: string }

const firstLine = 'spaceport trail checkpoint 1'

const renderStatement = (claim: CheckpointClaim): string =>
  `${firstLine}\norigin: ${claim.origin}\nblock: ${claim.block}\nrows: ${claim.rows}\nhash: ${claim.hash}\nat: ${claim.at}\nkey: ${claim.keyId}\n`

const form =
  /^spaceport trail checkpoint 1\norigin: (\S+)\nblock: (\d{1,15})\nrows: (\d{1,15})\nhash: ([0-9a-f]{64})\nat: (\S+)\nkey: ([A-Za-z0-9_-]{43})\n$/

/** @returns the claim of a statement; null if it isn't a statement */
export function parseStatement(statement: string): CheckpointClaim | null {
  const [, origin, block, rows, hash, at, keyId] = form.exec(statement) ?? []
  if (!origin || !hash || !at || !keyId || Number.isNaN(Date.parse(at))) return null
  return { origin, block: Number(block), rows: Number(rows), hash, at, keyId }
}

/**
 * Reads a private key: PEM (PKCS #8), or the same in base64, which fits on one line.
 * @throws Error when it isn't an Ed25519 key
 */
export function readCheckpointKey(text: string): KeyObject {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString()
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is not an Ed25519 key')
  return key
}

/** @returns the key's RFC 7638 thumbprint (for OKP keys: RFC 8037), which statements refer to */
export function keyIdOf(key: KeyObject): string {
  const { crv, kty, x } = publicJwk(key)
  return hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url')
}

/** @returns the public half as a JWK (RFC 8037) */
export function publicJwk(key: KeyObject): JsonWebKey {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
}

export function signCheckpoint(claim: Omit<CheckpointClaim, 'keyId'>, key: KeyObject): Checkpoint {
  const whole = { ...claim, keyId: keyIdOf(key) }
  const statement = renderStatement(whole)
  return { ...whole, statement, signature: sign(null, Buffer.from(statement), key).toString('base64') }
}

export const isSignedBy = (checkpoint: Pick<Checkpoint, 'statement' | 'signature'>, key: KeyObject): boolean =>
  verify(null, Buffer.from(checkpoint.statement), key, Buffer.from(checkpoint.signature, 'base64'))

/**
 * Reads public keys: a JWK set, one JWK, or PEM.
 * @throws Error when it is another format or another type of key
 */
export function readPublicKeys(text: string): KeyObject[] {
  const keys = text.trimStart().startsWith('{')
    ? jwksOf(JSON.parse(text)).map((key) => createPublicKey({ key, format: 'jwk' }))
    : [createPublicKey(text)]
  if (keys.some((key) => key.asymmetricKeyType !== 'ed25519')) throw new Error('only Ed25519 keys can sign checkpoints')
  return keys
}

/** @returns the valid keys of the key table, without entries that aren't Ed25519 or have another key’s id */
export function readStoredKeys(stored: readonly { keyId: string; publicKey: string }[]): KeyObject[] {
  return stored.flatMap(({ keyId, publicKey }) => {
    try {
      return readPublicKeys(publicKey).filter((key) => keyIdOf(key) === keyId)
    } catch {
      return []
    }
  })
}

const jwksOf = (value: { keys?: JsonWebKey[] } & JsonWebKey): JsonWebKey[] => value.keys ?? [value]

/**
 * Reads checkpoints from a file with one JSON object per line: `statement` and `signature` (base64), at the top level
 * or under `checkpoint` as in the worker's log. Ignores other lines.
 */
export function readCheckpoints(text: string): Checkpoint[] {
  return text.split('\n').flatMap((line) => {
    if (!line.includes(firstLine)) return []
    const found = JSON.parse(line)
    const { statement, signature } = found.checkpoint ?? found
    const claim = parseStatement(String(statement))
    return claim ? [{ ...claim, statement, signature: String(signature) }] : []
  })
}
