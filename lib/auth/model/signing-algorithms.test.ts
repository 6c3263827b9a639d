import { expect, test } from 'vitest'
import { acceptedAlgorithms, signingAlgorithms } from './signing-algorithms.ts'

test('the accepted algorithms are those that the provider offers and the configuration allows', () => {
  expect(acceptedAlgorithms(['ES256', 'RS256', 'PS512', 'EdDSA'], [])).toEqual(['RS256', 'PS512', 'ES256', 'EdDSA'])
  expect(acceptedAlgorithms(['ES256', 'RS256'], ['ES256', 'PS256'])).toEqual(['ES256'])
  expect(acceptedAlgorithms(undefined, [])).toEqual(['RS256'])
  expect(acceptedAlgorithms(undefined, ['ES256'])).toEqual([])
})

test('signatures with a shared secret and unsigned tokens are never accepted', () => {
  expect(acceptedAlgorithms(['none', 'HS256', 'HS512'], ['none', 'HS256'])).toEqual([])
  expect(acceptedAlgorithms(['none', 'HS256'], [])).toEqual([])
  for (const name of signingAlgorithms) expect(name).toMatch(/^(RS|PS|ES)(256|384|512)$|^Ed/)
})
