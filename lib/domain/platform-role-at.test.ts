import { expect, test } from 'vitest'
import { platformRoleAt } from './role.ts'

test('a platform role counts for people of the configured provider, and for nobody of another', () => {
  const configured = 'https://id.example'
  for (const issuer of ['https://id.example', 'https://id.example/'])
    expect(platformRoleAt({ issuer, platformRole: 'auditor' }, configured)).toBe('auditor')
  for (const issuer of ['https://old.example', 'https://id.example/realms/other', ''])
    expect(platformRoleAt({ issuer, platformRole: 'admin' }, configured)).toBe('member')
})
