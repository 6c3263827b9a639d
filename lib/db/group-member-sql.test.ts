import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const folder = new URL('./', import.meta.url)

/** These read or write what sign-ins said, to show or to replace it, and compare it with no grant. */
const ofOnePerson = [
  'find-person.ts',
  'forget-claims.ts',
  'rebuild-rows.ts',
  'replace-groups.ts',
  'role-holders.ts',
  'select-recovery-lines.ts',
]

test('no statement compares groups by name alone: membership always goes through what includes the provider', async () => {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.ts$/.test(name))
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })),
  )
  const asking = texts.filter(({ text }) => /\buser_group\b|\.userGroup\b/.test(text)).map(({ name }) => name)
  expect(asking.sort()).toEqual([...ofOnePerson, 'group-member-sql.ts'].sort())
})
