import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'

const asksForGroups = /\buser_group\b|\.userGroup\b/
const declaration = /^(?:export )?(?:async )?(?:function\*?|const) (\w+)/m

/** @returns a file's top-level functions and constants that use the table of groups */
function asking(file: string): string[] {
  const parts = readFileSync(file, 'utf8').split(/^(?=(?:export )?(?:async )?(?:function|const)\b)/m)
  return parts
    .filter((part) => asksForGroups.test(part.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
    .map((part) => `${basename(file)}: ${declaration.exec(part)?.[1]}`)
}

test('no statement compares groups by name alone: membership always includes the provider', () => {
  const files = globSync('lib/**/db/**/*.ts', { exclude: ['**/generated/**', '**/*.{test,itest}.ts'] })
  expect(files.length).toBeGreaterThan(200)
  const others = files.filter((file) => basename(file) !== 'group-member-sql.ts').flatMap(asking)
  // These store or show the groups of sign-ins, and compare them with no grant.
  expect(others.sort()).toEqual([
    'departing-user.ts: forgetClaims',
    'find-person.ts: findPerson',
    'group-members.ts: replaceGroups',
    'group-members.ts: selectClaimedGroups',
    'rebuild-rows.ts: insertRebuiltPeople',
    'role-holders.ts: forgetGroup',
    'role-holders.ts: holdRoleHolders',
    'role-holders.ts: selectRoleHolderIds',
    'role-holders.ts: selectRoleHolders',
    'select-recovery-lines.ts: statements',
  ])
})
