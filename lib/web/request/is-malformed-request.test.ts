import { expect, test } from 'vitest'
import { isMalformedRequest } from './is-malformed-request.ts'

const thrownBy = async (run: () => unknown): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const form = (body: string, type: string) =>
  new Request('http://x', { method: 'POST', body, headers: { 'content-type': type } })

test.each([
  ['an address that is not text', () => decodeURIComponent('%')],
  ['a form without its boundary', () => form('x', 'multipart/form-data').formData()],
  ['a truncated form', () => form('--b\r\nfoo', 'multipart/form-data; boundary=b').formData()],
  ['truncated JSON', () => JSON.parse('{')],
])('%s is the client’s mistake', async (_what, run) => {
  expect(isMalformedRequest(await thrownBy(run), 'POST')).toBe(true)
})

test.each([
  ['a missing value', () => (undefined as unknown as { x: { y: 1 } }).x.y],
  ['an ordinary error', () => Promise.reject(new Error('Postgres says: Failed to parse body as FormData'))],
  ['something other than an error', () => Promise.reject('Failed to parse body as FormData')],
])('%s is an internal error', async (_what, run) => {
  expect(isMalformedRequest(await thrownBy(run), 'POST')).toBe(false)
})

test('unreadable JSON in a request without a body is an internal error', async () => {
  expect(isMalformedRequest(await thrownBy(() => JSON.parse('{')), 'GET')).toBe(false)
})
