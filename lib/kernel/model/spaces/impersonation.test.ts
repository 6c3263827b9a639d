import { expect, test } from 'vitest'
import { renderImpersonation } from './impersonation.ts'

test('a person is impersonated by handle, and an email address can’t break out of its header', () => {
  expect(renderImpersonation({ handle: 'ann-1', email: 'ann@example.com' })).toEqual([
    'Impersonate-User',
    'system:serviceaccount:spaceport-users:ann-1',
    'Impersonate-Extra-spaceport.dev%2Femail',
    'ann@example.com',
  ])
  expect(renderImpersonation({ handle: 'a', email: 'ü\r\nImpersonate-Group: x%\ud800' })[3]).toBe(
    '%C3%BC%0D%0AImpersonate-Group:%20x%25%EF%BF%BD',
  )
  expect(renderImpersonation({ handle: 'a', email: '' })).toHaveLength(2)
})

test.each([
  ['a\r\nImpersonate-Group: system:masters', 'a%0D%0AImpersonate-Group:%20system:masters'],
  ['a\u0000\u0085\u2028b', 'a%00%C2%85%E2%80%A8b'],
  ['änne@exämple.com', '%C3%A4nne@ex%C3%A4mple.com'],
  ['漢🙂@example.com', '%E6%BC%A2%F0%9F%99%82@example.com'],
  ['\ud83d@example.com\ude00', '%EF%BF%BD@example.com%EF%BF%BD'],
  ['100%41@example.com', '100%2541@example.com'],
])('the email address %j becomes one header value of printable ASCII', (email, value) => {
  const headers = renderImpersonation({ handle: 'a', email })
  expect(headers).toHaveLength(4)
  expect(headers[3]).toBe(value)
  expect(headers.join('')).toMatch(/^[\x21-\x7e]*$/)
  expect(decodeURIComponent(value)).toBe(email.toWellFormed())
})
