import { expect, test } from 'vitest'
import { isSafeUrl } from './is-safe-url.ts'

test.each([
  'https://login.example.com/realms/main',
  'http://localhost:3000',
  'http://portal.localhost',
  'http://127.0.0.1:3001',
  'http://127.1:80',
  'http://[::1]:3000',
])('%s is safe', (url) => expect(isSafeUrl(url)).toBe(true))

test.each([
  'http://login.example.com',
  'http://localhost.example.com',
  'http://notlocalhost',
  'http://127.0.0.1.example.com',
  'http://localhost@example.com',
  'http://10.0.0.1',
  'http://0.0.0.0',
  'http://[::2]',
  'ftp://localhost',
  'localhost',
  '',
])('%j is not', (url) => expect(isSafeUrl(url)).toBe(false))
