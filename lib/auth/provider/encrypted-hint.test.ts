import { expect, test } from 'vitest'
import { encryptHint, openHint } from './encrypted-hint.ts'

const [secret, other] = ['s'.repeat(32), 't'.repeat(32)]

test('an ID token can be decrypted only with the secret that encrypted it', async () => {
  const sealed = (await encryptHint('header.claims.signature', secret)) ?? ''
  expect(sealed).not.toContain('claims')
  expect(await openHint(sealed, secret)).toBe('header.claims.signature')
  expect(await openHint(sealed, other)).toBeNull()
  expect(await openHint(`${sealed.slice(0, -4)}AAAA`, secret)).toBeNull()
  expect(await openHint('header.claims.signature', secret)).toBeNull()
})

test('a token too long for a URL is not stored', async () => {
  expect(await encryptHint('x'.repeat(4_001), secret)).toBeNull()
  expect(await encryptHint('x'.repeat(4_000), secret)).not.toBeNull()
  expect(await encryptHint(null, secret)).toBeNull()
  expect(await openHint(null, secret)).toBeNull()
})
