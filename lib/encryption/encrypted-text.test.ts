import { expect, test } from 'vitest'
import { decryptText, encryptText } from './encrypted-text.ts'

const key = { secret: 's'.repeat(32), purpose: 'test of alice' }

test('encrypted text can be decrypted only with the same secret, for the same purpose', async () => {
  const encrypted = await encryptText('https://hooks.example.com/token', key)
  expect(encrypted).not.toContain('token')
  expect(await decryptText(encrypted, key)).toBe('https://hooks.example.com/token')
  expect(await decryptText(encrypted, { ...key, secret: 't'.repeat(32) })).toBeNull()
  expect(await decryptText(encrypted, { ...key, purpose: 'test of bob' })).toBeNull()
  expect(await decryptText(`${encrypted.slice(0, -4)}AAAA`, key)).toBeNull()
  expect(await decryptText('https://hooks.example.com/token', key)).toBeNull()
})

test('the same text is encrypted differently each time', async () => {
  expect(await encryptText('x', key)).not.toBe(await encryptText('x', key))
})
