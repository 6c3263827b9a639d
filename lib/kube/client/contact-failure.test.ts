import { expect, test } from 'vitest'
import { CredentialError } from '#lib/kubeconfig/credential-error.ts'
import { contactFailureOf } from './contact-failure.ts'
import { apiServerErrorOf, connectionError } from './request.ts'

const asked = { method: 'GET', path: '/version' } as const
const network = (code: string) => Object.assign(new Error(`${code} 10.0.0.1:6443`), { code })

test.each([
  ['ENOTFOUND', 'name'],
  ['EAI_AGAIN', 'name'],
  ['ECONNREFUSED', 'connection'],
  ['EHOSTUNREACH', 'connection'],
  ['UND_ERR_CONNECT_TIMEOUT', 'late'],
  ['UND_ERR_HEADERS_TIMEOUT', 'late'],
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
])('a connection that ends with %s fails with: %s', (code, failure) => {
  expect(contactFailureOf(connectionError(asked, network(code)))).toBe(failure)
})

test.each([
  [401, 'credential'],
  [403, 'forbidden'],
  [429, 'busy'],
  [500, 'answer'],
  [404, 'answer'],
])('an answer %d fails with: %s', (status, failure) => {
  expect(contactFailureOf(apiServerErrorOf(asked, status, '{}'))).toBe(failure)
})

test('a failed login of the kubeconfig has its own kind', () => {
  expect(contactFailureOf(connectionError(asked, new CredentialError('aws ended with status 1')))).toBe('login')
})
