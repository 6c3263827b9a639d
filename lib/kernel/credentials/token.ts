import { createHash, hash } from 'node:crypto'

/**
 * The token in a kubeconfig: `spt_` and 256 random bits as base64url without padding. Only its SHA-256 and its start
 * (tokenStart) are stored: with 220 bits left to guess, a slow hash would add nothing.
 */
const prefix = 'spt_'
const secretBytes = 32
const secretLength = 43
const tokenLength = prefix.length + secretLength

/**
 * @param randomBytes a cryptographic source; called once
 * @returns the token, to be shown once, and its hash, to be stored
 */
export function makeToken(randomBytes: (size: number) => Uint8Array): { token: string; hash: Buffer } {
  const token = prefix + Buffer.from(randomBytes(secretBytes)).toString('base64url')
  return { token, hash: hashToken(token) }
}

const shownLength = 6

/**
 * Returns what people recognize a token by, stored and shown in plain text: the six characters after the prefix. That
 * leaves 220 of 256 bits to guess.
 */
export const tokenStart = (token: string): string => token.slice(prefix.length, prefix.length + shownLength)

/** Like makeToken, for the identity provider. Neither kind is accepted in place of the other. */
export function makeProvisioningToken(randomBytes: (size: number) => Uint8Array): { token: string; hash: Buffer } {
  const token = `sps_${Buffer.from(randomBytes(secretBytes)).toString('base64url')}`
  return { token, hash: hashToken(token) }
}

/** Like makeToken, for a cluster's API server, which sends its audit with it. */
export function makeAuditToken(randomBytes: (size: number) => Uint8Array): { token: string; hash: Buffer } {
  const token = `spa_${Buffer.from(randomBytes(secretBytes)).toString('base64url')}`
  return { token, hash: hashToken(token) }
}

/** @returns the SHA-256 of a token, as stored */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** @returns `hashToken` as hexadecimal digits, the key of caches */
export const hashTokenHex = (token: string): string => hash('sha256', token, 'hex')

const isTokenCharacter = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 45 || code === 95

/**
 * @param authorization an Authorization header (RFC 6750, section 2.1)
 * @returns the token; undefined unless it is exactly one Spaceport bearer token
 */
export function parseBearer(authorization: string): string | undefined {
  const start = authorization.length - tokenLength
  if (start !== 'Bearer '.length || authorization.slice(0, start).toLowerCase() !== 'bearer ') return undefined
  if (!authorization.startsWith(prefix, start)) return undefined
  for (let at = start + prefix.length; at < authorization.length; at++)
    if (!isTokenCharacter(authorization.charCodeAt(at))) return undefined
  return authorization.slice(start)
}
