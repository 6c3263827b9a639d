import { expect, test } from 'vitest'
import { bareIssuer } from './bare-issuer.ts'

test('an issuer is the same with slashes at its end and without', () => {
  for (const issuer of ['https://id.example/realms/main', 'https://id.example/realms/main/'])
    expect(bareIssuer(issuer)).toBe('https://id.example/realms/main')
})
