import { expect, test } from 'vitest'
import { outlineSecret, secretSchema, valueOfKey } from './secret-value.ts'

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const secret = secretSchema.parse({
  metadata: {
    name: 'db',
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}' },
  },
  data: {
    user: base64('admin'),
    password: base64('hünter2\n'),
    key: base64(new Uint8Array([0xff, 0xfe, 0x00])),
    nul: base64('a\0b'),
    empty: '',
  },
})

test('an outline has the keys and sizes of a Secret, and no value', () => {
  const outline = outlineSecret(secret)
  expect(outline).toEqual({
    type: 'Opaque',
    immutable: false,
    createdAt: '2026-01-01T00:00:00Z',
    keys: [
      { key: 'empty', bytes: 0 },
      { key: 'key', bytes: 3 },
      { key: 'nul', bytes: 3 },
      { key: 'password', bytes: 9 },
      { key: 'user', bytes: 5 },
    ],
  })
  expect(JSON.stringify(outline)).not.toMatch(/aHVudGVyMg|hunter|admin/)
})

test('a value is that of one key; a binary one has only its size', () => {
  expect(valueOfKey(secret, 'password')).toEqual({ key: 'password', bytes: 9, text: 'hünter2\n' })
  expect(valueOfKey(secret, 'key')).toEqual({ key: 'key', bytes: 3, text: null })
  expect(valueOfKey(secret, 'nul')).toEqual({ key: 'nul', bytes: 3, text: null })
  expect(valueOfKey(secret, 'empty')).toEqual({ key: 'empty', bytes: 0, text: '' })
  for (const key of ['missing', 'constructor', '__proto__', 'toString']) expect(valueOfKey(secret, key)).toBeNull()
})

test('an error about a Secret of an unexpected form quotes no value', () => {
  const { error } = secretSchema.safeParse({ metadata: {}, data: { password: ['hunter2'] } })
  expect(String(error)).toContain('password')
  expect(String(error)).not.toContain('hunter2')
})
