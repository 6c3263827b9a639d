import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { stolenIdentities } from './identities.ts'
import { renderPage, renderSummary } from './render-identities.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

test('docs/stolen-identities.md matches the identities', async () => {
  await expect(renderPage()).toMatchFileSnapshot(join(projectRoot, 'docs/stolen-identities.md'))
})

test('SECURITY.md has a line about each identity’s worth', () => {
  const text = read('SECURITY.md')
  const section = text.slice(text.indexOf('## Identities'), text.indexOf('### The fences'))
  expect(section.match(/^\| \[.*$/gm)).toEqual(renderSummary())
})

test('each identity has a test', () => {
  const tests = globSync('deploy/stolen/*.itest.ts', { cwd: projectRoot }).map(read).join('\n')
  const tried = [...tests.matchAll(/^describe\((?:stolenIdentities\.(\w+)\.name|.*)/gm)].map(([, key = '']) => key)
  expect(tried.sort()).toEqual(Object.keys(stolenIdentities).sort())
})
