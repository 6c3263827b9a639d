import { expect, test } from 'vitest'
import { failureInWords, failureOf, textOfFailure } from './sink-failure.ts'

test.each([
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate'],
  ['ENOTFOUND', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'closed'],
])('%s is classified as %s', (code, kind) => {
  const failure = failureOf(Object.assign(new Error('with a secret'), { code }))
  expect(failure).toEqual({ kind, code })
  expect(failureInWords(textOfFailure(failure))).toMatch(new RegExp(`^[A-Z][^.]+\\(${code}\\)$`))
})

test('an aborted wait is a timeout', () => {
  expect(failureOf(new DOMException('x', 'TimeoutError'))).toEqual({ kind: 'timeout', code: 'TimeoutError' })
})

test.each([
  [302, 'redirect'],
  [401, 'token'],
  [429, 'slow down'],
  [500, 'failed'],
  [413, 'refused the events'],
])('HTTP %i is explained', (status, word) => {
  expect(failureInWords(textOfFailure({ kind: 'http', status }))).toContain(word)
})

test('an unknown failure still has a sentence', () => {
  expect(failureInWords('')).toBe('The delivery failed')
})
