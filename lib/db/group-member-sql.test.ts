import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const folder = new URL('./', import.meta.url)

/** These read or write the groups of a person, to show or to filter by, and compare them with no grant. */
const ofOnePerson = [
  'find-person.ts',
  'forget-claims.ts',
  'replace-groups.ts',
  'select-people.ts',
  'select-request-context.ts',
]

test('no statement compares groups by name alone: membership always goes through what includes the provider', async () => {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.ts$/.test(name))
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })),
  )
  const asking = texts.filter(({ text }) => /\buser_group\b|\.userGroup\b/.test(text)).map(({ name }) => name)
  expect(asking.sort()).toEqual([...ofOnePerson, 'group-member-sql.ts'].sort())
})
