import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashToken, hashTokenHex, makeToken, parseBearer, tokenStart } from './token.ts'

test('a token has the prefix, 256 bits from the given source, and only URL-safe characters', () => {
  const { token } = makeToken((size) => {
    expect(size).toBe(32)
    return new Uint8Array(size).fill(255)
  })
  expect(token).toBe(`spt_${'_'.repeat(42)}8`)
  expect(makeToken(randomBytes).token).toMatch(/^spt_[A-Za-z0-9_-]{43}$/)
})

test('the SHA-256 of the whole token is stored', () => {
  const { token, hash } = makeToken(randomBytes)
  expect(hash).toEqual(createHash('sha256').update(token).digest())
  expect(hashToken(token)).toEqual(hash)
  expect(hashTokenHex(token)).toBe(hash.toString('hex'))
})

test('a bearer token of Spaceport’s is read, in any case of the scheme', () => {
  const { token } = makeToken(randomBytes)
  expect(parseBearer(`Bearer ${token}`)).toBe(token)
  expect(parseBearer(`bearer ${token}`)).toBe(token)
})

test('anything else than exactly one of our tokens is rejected', () => {
  const { token } = makeToken(randomBytes)
  for (const value of [
    '',
    token,
    `Basic ${token}`,
    `Bearer  ${token}`,
    `Bearer ${token} `,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token.slice(0, -1)}=`,
    `Bearer ${token.slice(0, -1)}\u00e9`,
    `Bearer spx_${token.slice(4)}`,
    `Bearer ${token}, Bearer ${token}`,
  ])
    expect(parseBearer(value), value).toBeUndefined()
})

test('220 bits of a token are never shown', () => {
  const { token } = makeToken(randomBytes)
  const start = tokenStart(token)
  expect(token.startsWith(`spt_${start}`)).toBe(true)
  const secretBits = 8 * Buffer.from(token.slice('spt_'.length), 'base64url').length
  expect(secretBits - 6 * start.length).toBe(220)
})
