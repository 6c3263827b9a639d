import { expect, test } from 'vitest'
import { bareIssuer } from './bare-issuer.ts'

test('trailing slashes don’t matter in an issuer', () => {
  for (const issuer of ['https://id.example/realms/main', 'https://id.example/realms/main/'])
    expect(bareIssuer(issuer)).toBe('https://id.example/realms/main')
})
