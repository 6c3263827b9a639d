import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { escapeWideText } from './escape-wide-text.ts'

test('a script becomes Latin-1, and means the same', () => {
  const source = `({ text: 'can’t', mark: \`\${'é'} – 🚀\`, finds: /[’“🚀]/u.test('🚀'), splits: /^.$/u.test('🚀') }) // “words”`
  const dir = ownFolder()
  mkdirSync(join(dir, 'chunks'))
  const file = join(dir, 'chunks', 'one.js')
  writeFileSync(file, source)
  escapeWideText(dir)
  const escaped = readFileSync(file, 'utf8')
  expect(escaped).toMatch(/^[\0-\xff]*$/)
  expect(escaped).toContain('é')
  expect(runInNewContext(escaped)).toEqual({ text: 'can’t', mark: 'é – 🚀', finds: true, splits: true })
})
