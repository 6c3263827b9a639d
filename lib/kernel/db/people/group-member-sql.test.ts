import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'

/** These read or write what sign-ins said, to show or to replace it, and compare it with no grant. */
const ofOnePerson = [
  'find-person.ts',
  'forget-claims.ts',
  'rebuild-rows.ts',
  'replace-groups.ts',
  'role-holders.ts',
  'select-recovery-lines.ts',
]

test('no statement compares groups by name alone: membership always goes through what includes the provider', () => {
  const files = globSync('lib/**/db/**/*.ts', { exclude: ['**/generated/**', '**/*.{test,itest}.ts'] })
  expect(files.length).toBeGreaterThan(300)
  const asking = files
    .filter((file) => /\buser_group\b|\.userGroup\b/.test(readFileSync(file, 'utf8')))
    .map((file) => basename(file))
  expect(asking.sort()).toEqual([...ofOnePerson, 'group-member-sql.ts'].sort())
})
