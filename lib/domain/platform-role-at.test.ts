import { expect, test } from 'vitest'
import { platformRoleAt } from './role.ts'

test('a platform role counts only for people of the configured provider', () => {
  const configured = 'https://id.example'
  for (const issuer of ['https://id.example', 'https://id.example/'])
    expect(platformRoleAt({ issuer, platformRole: 'auditor' }, configured)).toBe('auditor')
  for (const issuer of ['https://old.example', 'https://id.example/realms/other', ''])
    expect(platformRoleAt({ issuer, platformRole: 'admin' }, configured)).toBe('member')
})
