import { expect, test } from 'vitest'
import { encryptText, openText } from './encrypted-text.ts'

const key = { secret: 's'.repeat(32), purpose: 'test of alice' }

test('encrypted text can be decrypted only with the same secret, for the same purpose', async () => {
  const sealed = await encryptText('https://hooks.example.com/token', key)
  expect(sealed).not.toContain('token')
  expect(await openText(sealed, key)).toBe('https://hooks.example.com/token')
  expect(await openText(sealed, { ...key, secret: 't'.repeat(32) })).toBeNull()
  expect(await openText(sealed, { ...key, purpose: 'test of bob' })).toBeNull()
  expect(await openText(`${sealed.slice(0, -4)}AAAA`, key)).toBeNull()
  expect(await openText('https://hooks.example.com/token', key)).toBeNull()
})

test('the same text is encrypted differently each time', async () => {
  expect(await encryptText('x', key)).not.toBe(await encryptText('x', key))
})
